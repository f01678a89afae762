"""What the doors for machines to cases of any kind share."""

from casework.api.doors import KEY, LIST, TIMELINE, Act, Answer, BusinessView, ListView, ScopedView, TimelineView, act_views, once
from casework.api.errors import ERRORS, PROBLEM, Problem, problem

__all__ = [
    "ERRORS",
    "KEY",
    "LIST",
    "PROBLEM",
    "TIMELINE",
    "Act",
    "Answer",
    "BusinessView",
    "ListView",
    "Problem",
    "ScopedView",
    "TimelineView",
    "act_views",
    "once",
    "problem",
]
