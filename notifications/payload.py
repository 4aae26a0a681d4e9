"""The facts of one letter, complete and computed at sending time: templates add words, never facts.

Texts that a policy or a person wrote (titles, reasons, names of holders) come in the letter's own
language; instants come in the delegation's zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from notifications.kinds import MailKind

Locale = Literal["vi", "en"]
Address = Literal["đồng chí", "Ông/Bà"]
Said = Literal["report", "dispute", "extension", "contribution", "dispute_refused"]


@dataclass(frozen=True, slots=True)
class Reached:
    """Who was told when a directive climbed to a level."""

    level: int
    whom: str
    on: date


@dataclass(frozen=True, slots=True)
class Line:
    """One directive in a letter. `days` counts working days left until `due_on`, negative when late.

    For a review or a decision that is late `days` counts how long it waits, as a negative number.
    """

    code: str
    title: str
    kind: MailKind
    obligation: str
    agency: str
    url: str
    due_on: date | None = None
    original_due_on: date | None = None
    days: int = 0
    quote: str | None = None
    rhythm: str | None = None
    level: int | None = None
    rung: str | None = None
    acknowledged_on: date | None = None
    reported_on: date | None = None
    extension_wanted_on: date | None = None
    extension_asked_on: date | None = None
    extension_reason: str | None = None
    reason: str | None = None
    next_on: date | None = None
    next_text: str | None = None
    reached: tuple[Reached, ...] = ()
    secret: bool = False

    @property
    def late_days(self) -> int:
        return max(0, -self.days)

    @property
    def wants_extension(self) -> bool:
        """The lead asked; a coordinating agency's own date does not depend on that."""
        return self.extension_wanted_on is not None and self.obligation != "contribute"

    @property
    def was_extended(self) -> bool:
        return self.original_due_on is not None and self.original_due_on != self.due_on


@dataclass(frozen=True, slots=True)
class Decision:
    """On an extension: `due_on` is the date that now holds, whether granted or refused."""

    granted: bool
    due_on: date
    original_due_on: date
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """On a report: accepted (on time or not), or sent back with what is missing and a new date."""

    accepted: bool
    on_time: bool = False
    reason: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Receipt:
    code: str
    received_at: datetime
    text: str
    files: tuple[ReceivedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` is one of overdue, due_soon, in_time, waiting, undated, done, paused."""

    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Change:
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    code: str
    text: str
    whom: str
    since_on: date
    for_the_reader: bool = False


@dataclass(frozen=True, slots=True)
class Upcoming:
    code: str
    title: str
    agency: str
    due_on: date


@dataclass(frozen=True, slots=True)
class AgencyRow:
    name: str
    assigned: int
    overdue: int
    done: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """The figures add up to all directives followed; `as_of` is the last day they count."""

    week: int
    as_of: date
    figures: tuple[Figure, ...]
    changes: tuple[Change, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    agencies: tuple[AgencyRow, ...] = ()

    def count(self, name: str) -> int:
        return sum(figure.count for figure in self.figures if figure.name == name)

    @property
    def total(self) -> int:
        return sum(figure.count for figure in self.figures)

    @property
    def waits_for_the_reader(self) -> bool:
        return any(item.for_the_reader for item in self.waiting)


@dataclass(frozen=True, slots=True)
class Operations:
    """For the administrator: `fact` is one short sentence, `not_sent` what stayed behind."""

    fact: str
    detail: str
    not_sent: str
    command: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about a directive, by whom: `text` is theirs, `what` decides our sentence."""

    what: Said
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Release:
    """A directive no longer concerns the addressee: withdrawn, or given to `new_agency`."""

    reason: str
    new_agency: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """`until_on` is the expected end of a suspension, or the new due date after it is lifted."""

    suspended: bool
    reason: str
    until_on: date | None = None


@dataclass(frozen=True)
class Letter:
    """One mail to one person: `lines` worst first, of which `max_shown` are written out.

    `stands_for` names the absent whose mail this is, in all its lines or in some; `instead_of` the positions
    nobody else could be reached at. Only a mail that may be refused has an `unsubscribe_url`.
    """

    kind: MailKind
    locale: Locale
    today: date
    recipient_name: str
    delegation_name: str
    supervision_code: str
    subject: str
    answer_url: str
    list_url: str
    contact: str
    lines: tuple[Line, ...] = ()
    recipient_title: str | None = None
    addressee: str | None = None
    parent_name: str | None = None
    session_on: date | None = None
    address: Address = "đồng chí"
    max_shown: int = 20
    needs_login: bool = False
    reply_to: str | None = None
    unsubscribe_url: str | None = None
    acknowledge_days: int = 2
    calendar_attached: bool = False
    decision: Decision | None = None
    verdict: Verdict | None = None
    receipt: Receipt | None = None
    weekly: Weekly | None = None
    operations: Operations | None = None
    release: Release | None = None
    answer: Answer | None = None
    pause: Pause | None = None
    stands_for: tuple[str, ...] = ()
    stands_for_all: bool = True
    instead_of: tuple[str, ...] = ()

    @cached_property
    def open_lines(self) -> tuple[Line, ...]:
        """Lines whose content may be written in a mail; every count below is of these."""
        return tuple(line for line in self.lines if not line.secret)

    @property
    def is_bare(self) -> bool:
        """Every directive is secret: the mail says that there is something, and nothing else."""
        return bool(self.lines) and not self.open_lines

    @cached_property
    def secret_count(self) -> int:
        return len(self.lines) - self.count

    @cached_property
    def count(self) -> int:
        return len(self.open_lines)

    @cached_property
    def shown(self) -> tuple[Line, ...]:
        return self.open_lines[: self.max_shown]

    @cached_property
    def more_count(self) -> int:
        return max(0, self.count - self.max_shown)

    @cached_property
    def of_its_kind(self) -> tuple[Line, ...]:
        """The lines that gave the letter its kind; the others are said to be there besides."""
        return tuple(line for line in self.open_lines if line.kind == self.kind)


def worst_first(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Order of a letter: by kind, then the highest level, the longest delay, the nearest date, the code."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                -line.kind.severity,
                -(line.level or 0),
                line.days,
                line.due_on or date.max,
                line.code,
            ),
        )
    )
