"""One agency's card as plain data: the same for the command and for programs."""

from typing import Any

from workflow.figures.cells import Cell, Figure
from workflow.figures.scorecard import Point, Scorecard


def card_document(card: Scorecard) -> dict[str, Any]:
    spent = card.timing
    return {
        "agency": card.revised.scope.agency,
        "now": _point(card.trend[-1]),
        "trend": [_point(one) for one in card.trend],
        "extended": card.revised.extended,
        "extensions": card.revised.extensions,
        "mean_lateness_days": spent.mean_lateness,
        "acknowledged": spent.acknowledge.met,
        "acknowledged_in_time": spent.acknowledge.in_time,
        "reviewed": spent.review.met,
        "reviewed_in_time": spent.review.in_time,
        "policy": card.rules.policy,
        "calendar": card.rules.calendar_version,
    }


def _point(point: Point) -> dict[str, Any]:
    revised, original = point.by_revised, point.by_original
    return {
        "on": point.on,
        "due": revised[Figure.DUE],
        "on_time": revised[Cell.DONE_ON_TIME],
        "on_time_percent": revised.of_due.percent,
        "due_by_original": original[Figure.DUE],
        "on_time_by_original": original[Cell.DONE_ON_TIME],
        "on_time_by_original_percent": original.of_due.percent,
        "overdue": revised[Figure.OVERDUE],
        "total": revised[Figure.TOTAL],
    }
