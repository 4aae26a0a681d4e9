"""The facts of a letter, read from the rows at sending time: what is true now, not when it was planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from notifications import due_days, incidents, leadership, told
from notifications.kinds import MailKind, worst
from notifications.links import HIDDEN, answer_url
from notifications.payload import Letter, Line, Locale, Reached, worst_first
from workflow import links, rulebook
from workflow.calendar import WorkingCalendar
from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind, Position, timetable
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.extension import Extension, ExtensionStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person
from workflow.models.supervision import Supervision
from workflow.outbox import Claimed
from workflow.outbox import Line as Row
from workflow.policy import Policy
from workflow.rhythm_words import rhythm_in_words

Table = TypeVar("Table", bound=SQLModel)
LETTER_LEVEL = 2
WAITING = frozenset({ObligationKind.REVIEW, ObligationKind.DECIDE})


@dataclass(frozen=True)
class Site:
    """What the installation says of itself in every letter; `house` is the body it serves.

    `link_keys` make the links by which agencies answer; without them a letter is only looked at, and shows
    where its link would stand.
    """

    base_url: str
    contact: str
    link_keys: tuple[bytes, ...] = ()
    house: str = "Đôn đốc"


class Facts:
    """All rows that a batch of messages speaks about, read in a handful of queries."""

    def __init__(self, db: Session, batch: Iterable[Claimed], today: date, site: Site, now: datetime) -> None:
        self.db, self.today, self.site = db, today, site
        messages = list(batch)
        rows = [row for claimed in messages for row in claimed.lines]
        directives = {row.directive.id: row.directive for row in rows if row.directive is not None}
        self.policies: dict[int, Policy] = {}
        self.calendar: WorkingCalendar = rulebook.active_calendar(db)
        self.people = _by_id(db, Person, {claimed.message.person_id for claimed in messages})
        self.absent = _by_id(db, Person, {row.notice.stands_for_id for row in rows})
        self.supervisions = _by_id(db, Supervision, {one.supervision_id for one in directives.values()})
        self.events = _by_id(db, Event, {row.notice.event_id for row in rows})
        self.organizations = _by_id(db, Organization, self._organization_ids(rows))
        self.titles = self._titles()
        self.asked = self._of_directives(
            Extension, directives, col(Extension.status) == ExtensionStatus.ASKED
        )
        self.files = self._files()
        self.climbed = self._climbed(rows)
        self.contributions = self._contributions(rows)
        self.zone = ZoneInfo(rulebook.active_policy(db).zone)
        self.links = self._links(messages, now)

    def _links(self, messages: list[Claimed], now: datetime) -> dict[str, str]:
        """By the key of the message: where its recipient answers without signing in."""
        wanted = {one.message.key: self._wanted(one) for one in messages}
        agencies = {key: one for key, one in wanted.items() if one.items}
        if not self.site.link_keys:
            return {key: answer_url(self.site.base_url, HIDDEN) for key in agencies}
        tokens = links.tokens(self.db, self.site.link_keys, agencies.values(), now)
        return {key: answer_url(self.site.base_url, tokens[one.scope]) for key, one in agencies.items()}

    def _wanted(self, claimed: Claimed) -> links.Wanted:
        """What an agency still has to do with; whoever reads for the delegation gets no link."""
        person = self.people[claimed.message.person_id]
        items = frozenset(
            (row.directive.id, row.notice.organization_id, row.directive.due_version)
            for row in claimed.lines
            if row.directive is not None
            and row.notice.organization_id is not None
            and row.notice.kind != NoticeKind.REASSIGNED_OR_WITHDRAWN
            and self.organizations[row.notice.organization_id].kind is OrganizationKind.AGENCY
        )
        return links.Wanted(person.id, person.email, items)

    def _contributions(self, rows: list[Row]) -> dict[tuple[int, int], Obligation]:
        """What a coordinating agency owes, for mails of acts, which name no obligation."""
        ids = sorted(
            {row.directive.id for row in rows if row.directive is not None and row.obligation is None}
        )
        query = select(Obligation).where(
            col(Obligation.directive_id).in_(ids),
            col(Obligation.kind) == ObligationKind.CONTRIBUTE,
            col(Obligation.status) == ObligationStatus.RUNNING,
        )
        return {(one.directive_id, one.owed_by_id): one for one in self.db.scalars(query)} if ids else {}

    def _organization_ids(self, rows: list[Row]) -> set[int | None]:
        named = {row.directive.lead_id for row in rows if row.directive is not None}
        named |= {row.notice.organization_id for row in rows}
        named |= {row.obligation.owed_by_id for row in rows if row.obligation is not None}
        return named | {one.delegation_id for one in self.supervisions.values()}

    def _titles(self) -> dict[int, str | None]:
        query = select(Membership).where(col(Membership.person_id).in_(sorted(self.people)))
        return {post.person_id: post.title for post in self.db.scalars(query.order_by(col(Membership.id)))}

    def _of_directives(
        self, table: type[Extension], directives: dict[int, Directive], condition: object
    ) -> dict[int, Extension]:
        query = select(table).where(col(table.directive_id).in_(sorted(directives)), condition)  # type: ignore[arg-type]
        return {row.directive_id: row for row in self.db.scalars(query.order_by(col(table.id)))}

    def _files(self) -> dict[int, list[Attachment]]:
        found: dict[int, list[Attachment]] = {}
        query = select(Attachment).where(col(Attachment.event_id).in_(sorted(self.events)))
        for file in self.db.scalars(query.order_by(col(Attachment.id))):
            found.setdefault(file.event_id or 0, []).append(file)
        return found

    def _climbed(self, rows: list[Row]) -> dict[int, list[Event]]:
        """Earlier climbs of the obligations in the batch: who was told at which level."""
        ids = sorted(
            {row.obligation.id for row in rows if row.obligation is not None and row.obligation.level}
        )
        query = select(Event).where(col(Event.obligation_id).in_(ids), col(Event.act) == "climb")
        found: dict[int, list[Event]] = {}
        for event in self.db.scalars(query.order_by(col(Event.id))):
            found.setdefault(event.obligation_id or 0, []).append(event)
        return found

    def letter(self, claimed: Claimed) -> Letter:
        person = self.people[claimed.message.person_id]
        if claimed.message.kind == NoticeKind.OPERATIONS:
            return self._incident(claimed, person)
        if claimed.message.kind == NoticeKind.WEEKLY:
            return self._of_the_week(claimed, person)
        locale: Locale = "en" if person.locale == "en" else "vi"
        lines = worst_first(self._line(row, locale) for row in claimed.lines if row.directive is not None)
        directive = next(row.directive for row in claimed.lines if row.directive is not None)
        supervision = self.supervisions[directive.supervision_id]
        event = next((self.events[row.notice.event_id] for row in claimed.lines if row.notice.event_id), None)
        kind = worst(line.kind for line in lines)
        link = self.links.get(claimed.message.key)
        signed_in = f"{self.site.base_url}/nhiem-vu"
        return Letter(
            kind=kind,
            locale=locale,
            today=self.today,
            recipient_name=person.name,
            recipient_title=self.titles.get(person.id),
            addressee=self._name(claimed.lines[0].notice.organization_id),
            delegation_name=self._name(supervision.delegation_id) or "",
            supervision_code=supervision.code,
            subject=supervision.subject,
            session_on=supervision.session_on,
            lines=lines,
            answer_url=link or (_page_of(lines[0]) if len(lines) == 1 and not lines[0].secret else signed_in),
            list_url=link or signed_in,
            contact=self.site.contact,
            needs_login=link is None,
            **self._standing_in(claimed, locale),
            calendar_attached=due_days.belongs(kind, lines, for_agency=self._is_for_agency(claimed)),
            **told.parts(
                kind,
                event,
                directive,
                self.files.get(event.id if event else 0, []),
                self._new_agency,
                self.zone,
            ),
        )

    def _standing_in(self, claimed: Claimed, locale: Locale) -> dict[str, Any]:
        """Why this reader, where it is not the one who holds the post."""
        notices = [row.notice for row in claimed.lines]
        absent = {one.stands_for_id for one in notices if one.stands_for_id is not None}
        positions = sorted({Position(one.instead_of) for one in notices if one.instead_of})
        return {
            "stands_for": tuple(self.absent[person_id].name for person_id in sorted(absent)),
            "stands_for_all": all(one.stands_for_id is not None for one in notices),
            "instead_of": tuple(told.HOLDERS[position][locale] for position in positions),
        }

    def _incident(self, claimed: Claimed, person: Person) -> Letter:
        """About the installation itself: no directive, one event."""
        event = self.events[claimed.lines[0].notice.event_id or 0]
        house = incidents.House(self.site.house, self.site.base_url, self.site.contact, self.zone)
        return incidents.letter(event, person, house, self.today)

    def _of_the_week(self, claimed: Claimed, person: Person) -> Letter:
        """About everything at once: no directive, no event."""
        house = leadership.House(self.site.house, self.site.base_url, self.site.contact, self.site.link_keys)
        title = self.titles.get(person.id)
        return leadership.letter(self.db, person, title, house, claimed.message.night_on, self.today)

    def _is_for_agency(self, claimed: Claimed) -> bool:
        found = self.organizations.get(claimed.lines[0].notice.organization_id or 0)
        return found is not None and found.kind is OrganizationKind.AGENCY

    def _new_agency(self, directive: Directive) -> str | None:
        return self._name(directive.lead_id)

    def _name(self, organization_id: int | None) -> str | None:
        organization = self.organizations.get(organization_id or 0)
        return organization.name if organization else None

    def _line(self, row: Row, locale: Locale) -> Line:
        directive, notice = row.directive, row.notice
        assert directive is not None
        own_part = self.contributions.get((directive.id, notice.organization_id or 0))
        obligation = row.obligation or own_part
        due_on = obligation.due_on if obligation else directive.due_on
        days = self._days(obligation, due_on)
        event = self.events.get(notice.event_id or 0)
        asked = self.asked.get(directive.id)
        ahead = self._ahead(obligation, locale)
        return Line(
            code=directive.code,
            title=directive.title,
            kind=said_now(MailKind(notice.kind), days),
            obligation=obligation.kind.value if obligation else "deliver",
            agency=self._name(self._responsible(directive, obligation)) or "",
            url=f"{self.site.base_url}/nhiem-vu/{directive.code}",
            due_on=due_on,
            original_due_on=directive.original_due_on
            if not obligation or obligation.kind == "deliver"
            else None,
            days=days,
            quote=directive.quote or directive.text,
            rhythm=rhythm_in_words(directive.rhythm)[locale] if directive.rhythm else None,
            level=notice.level,
            rung=None if notice.rung is None else str(notice.rung),
            reported_on=directive.reported_on,
            extension_wanted_on=asked.wanted_on if asked else None,
            extension_asked_on=asked.asked_on if asked else None,
            extension_reason=asked.reason if asked else None,
            reason=event.reason if event and event.act == "escalate" else None,
            next_on=ahead[0] if ahead else None,
            next_text=ahead[1] if ahead else None,
            reached=self._reached(row, locale),
            secret=directive.is_secret,
        )

    def _reached(self, row: Row, locale: Locale) -> tuple[Reached, ...]:
        """A holder reads of the levels below; the agency's copy also of the one just reached."""
        obligation, level = row.obligation, row.notice.level
        if obligation is None or level is None:
            return ()
        until = level if row.notice.kind == MailKind.ESCALATION_COPY else level - 1
        ladder = self._policy(obligation).ladders[obligation.ladder]
        return told.reached(self.climbed.get(obligation.id, []), ladder, until, locale)

    def _responsible(self, directive: Directive, obligation: Obligation | None) -> int | None:
        """The agency a line is about: also where it is the delegation that owes the next step."""
        if obligation is None or obligation.kind in WAITING:
            return directive.lead_id
        return obligation.owed_by_id

    def _days(self, obligation: Obligation | None, due_on: date | None) -> int:
        if obligation is not None and obligation.kind in WAITING:
            return -self.calendar.count(obligation.opened_on, self.today)
        if due_on is None:
            return 0
        return self._policy_calendar(obligation).count(self.today, due_on)

    def _policy_calendar(self, obligation: Obligation | None) -> WorkingCalendar:
        return self._policy(obligation).counted(self.calendar) if obligation else self.calendar

    def _policy(self, obligation: Obligation) -> Policy:
        if obligation.policy_id not in self.policies:
            self.policies[obligation.policy_id] = rulebook.policy(self.db, obligation.policy_id)
        return self.policies[obligation.policy_id]

    def _ahead(self, obligation: Obligation | None, locale: Locale) -> tuple[date, str] | None:
        """The next thing the clock will say about this obligation, if nothing is done."""
        if obligation is None:
            return None
        policy = self._policy(obligation)
        steps = timetable(
            policy.ladders[obligation.ladder], policy.counted(self.calendar), obligation.opened_on,
            obligation.due_on, obligation.span_days,
        )  # fmt: skip
        for step in steps:
            above = step.level is None or step.level.level > obligation.level
            if step.applies and step.on > self.today and above:
                return step.on, told.next_text(step, locale)
        return None


def _page_of(line: Line) -> str:
    """Where the reader acts: the secretary, at the letter that was drafted for them."""
    at_the_letter = line.kind is MailKind.ESCALATION and line.level == LETTER_LEVEL
    return f"{line.url}/cong-van" if at_the_letter else line.url


def said_now(kind: MailKind, days: int) -> MailKind:
    """A reminder that comes late must not say what was true when it was planned."""
    if kind in (MailKind.REMINDER, MailKind.DUE_TODAY):
        if days < 0:
            return MailKind.OVERDUE
        return MailKind.DUE_TODAY if days == 0 else MailKind.REMINDER
    return kind


def _by_id(db: Session, table: type[Table], ids: set[int | None]) -> dict[int, Table]:
    key: Any = table.__table__.c.id  # type: ignore[attr-defined]
    wanted = sorted(one for one in ids if one is not None)
    rows = list(db.scalars(select(table).where(key.in_(wanted)))) if wanted else []
    return {getattr(row, "id"): row for row in rows}  # noqa: B009 - every table has an id, the base class none
