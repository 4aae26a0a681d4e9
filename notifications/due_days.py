"""The due days a letter brings along: one .ics file with an entry for each directive that has a day."""

from collections.abc import Iterable
from datetime import UTC

from notifications.entries import Entry, calendar
from notifications.kinds import MailKind
from notifications.mime import Calendar
from notifications.payload import Letter, Line
from workflow.outbox import Claimed
from workflow.outbox import Line as Row

DATED = ("deliver", "contribute")


def belongs(kind: MailKind, lines: Iterable[Line], *, for_agency: bool) -> bool:
    """Only who has to deliver by a day gets it into the calendar, or out of it."""
    wanted = kind.has_calendar_entry or kind is MailKind.REASSIGNED_OR_WITHDRAWN
    return for_agency and wanted and any(_is_dated(line) for line in lines)


def attached(claimed: Claimed, letter: Letter, host: str) -> Calendar | None:
    if not letter.calendar_attached:
        return None
    rows = {row.directive.code: row for row in claimed.lines if row.directive is not None}
    entries = [_entry(line, rows[line.code], letter.kind) for line in letter.lines if _is_dated(line)]
    name = entries[0].code if len(entries) == 1 else letter.supervision_code
    book = calendar(entries, host, f"{letter.supervision_code}, {letter.delegation_name}", letter.locale)
    return Calendar(f"{name}.ics", book)


def sequence(due_version: int, *, closed: bool) -> int:
    """Grows with every new date, and once more when the directive leaves the calendar."""
    return 2 * due_version + closed


def _is_dated(line: Line) -> bool:
    """A file tells no more than the text: secret directives stay out of it."""
    return line.due_on is not None and line.obligation in DATED and not line.secret


def _entry(line: Line, row: Row, kind: MailKind) -> Entry:
    directive, obligation = row.directive, row.obligation
    assert directive is not None
    assert line.due_on is not None
    released = kind is MailKind.REASSIGNED_OR_WITHDRAWN
    closed = released or directive.closed_on is not None
    return Entry(
        code=line.code,
        title=line.title,
        agency=line.agency,
        due_on=line.due_on,
        url=None,
        sequence=sequence(directive.due_version, closed=closed),
        changed_at=directive.changed_at.astimezone(UTC),
        closed=closed,
        contributes=line.obligation == "contribute",
        secret=line.secret,
        period_on=obligation.original_due_on if obligation is not None and directive.rhythm else None,
    )
