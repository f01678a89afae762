"""What the pages of the corps show, always through the scope."""

from mediation.corps.queries.activities import ACTIVITY_HEADINGS, ActivityWanted, activities, activity_cells, read_activities
from mediation.corps.queries.duties import DUTY_HEADINGS, Cell, Fulfilment, duty_log, fulfilment, fulfilment_cells, loggable, read_month
from mediation.corps.queries.people import HEADINGS, PAGE, SHOWS, Line, Wanted, cells, line, lines, people, read
from mediation.corps.queries.person import PersonPage, offered, person
from mediation.corps.queries.staffing import STAFF, Board, Place, Town, board, counts, enterprises, gaps, households, town_of
from mediation.corps.queries.training import Learner, learners, read_year, trainings

__all__ = [
    "ACTIVITY_HEADINGS",
    "DUTY_HEADINGS",
    "HEADINGS",
    "PAGE",
    "SHOWS",
    "STAFF",
    "ActivityWanted",
    "Board",
    "Cell",
    "Fulfilment",
    "Learner",
    "Line",
    "PersonPage",
    "Place",
    "Town",
    "Wanted",
    "activities",
    "activity_cells",
    "board",
    "cells",
    "counts",
    "duty_log",
    "enterprises",
    "fulfilment",
    "fulfilment_cells",
    "gaps",
    "households",
    "learners",
    "line",
    "lines",
    "loggable",
    "offered",
    "people",
    "person",
    "read",
    "read_activities",
    "read_month",
    "read_year",
    "town_of",
    "trainings",
]
