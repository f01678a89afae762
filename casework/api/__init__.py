"""What the doors for machines to cases of any kind share."""

from casework.api.doors import KEY, LIST, TIMELINE, Act, Answer, BusinessView, ListView, ScopedView, TimelineView, act_views, once
from casework.api.errors import ERRORS, Problem, problem
from casework.api.nowhere import NoSuchAddress, with_slash

__all__ = [
    "ERRORS",
    "KEY",
    "LIST",
    "TIMELINE",
    "Act",
    "Answer",
    "BusinessView",
    "ListView",
    "NoSuchAddress",
    "Problem",
    "ScopedView",
    "TimelineView",
    "act_views",
    "once",
    "problem",
    "with_slash",
]
