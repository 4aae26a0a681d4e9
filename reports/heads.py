"""The head of a paper: who signs it, where, and when."""

from dataclasses import replace
from datetime import date

from reports.request import Letterhead


def day_line(place: str | None, on: date) -> str:
    """The day is the office's to fill in when the paper is signed: only month and year may be known."""
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"{place or '……………'}, ngày …… tháng {month} năm {on.year}"


def renamed(head: Letterhead, body: str) -> Letterhead:
    """The same letterhead, signed by another body."""
    return replace(head, body=body)
