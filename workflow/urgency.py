"""Degrees of urgency a directive may carry, in the words of official papers."""

from workflow.errors import InputWrong
from workflow.models.policy_choice import Urgency
from workflow.words import Texts, pair

URGENCIES: dict[Urgency, Texts] = {
    Urgency.URGENT: pair("khẩn", "urgent"),
    Urgency.VERY_URGENT: pair("thượng khẩn", "very urgent"),
    Urgency.EXPRESS: pair("hỏa tốc", "express"),
}


def check_urgency(value: str | None) -> str | None:
    """One of them, or none."""
    if value and value not in set(Urgency):
        allowed = ", ".join(Urgency)
        why = pair(f"Được phép: {allowed}.", f"Allowed: {allowed}.")
        raise InputWrong(field="urgency", value=value, why=why)
    return value or None
