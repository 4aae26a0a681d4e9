"""The Monday mail of those who lead: five figures that add up, what changed, what waits for whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from notifications.kinds import MailKind
from notifications.links import unsubscribe_url
from notifications.payload import AgencyRow, Change, Figure, Letter, Locale, Upcoming, Waiting, Weekly
from workflow import refusals
from workflow.access import person_as_actor
from workflow.figures import week as weeks
from workflow.figures.cells import FIVE
from workflow.figures.cells import Figure as Sum
from workflow.figures.rules import rules_on
from workflow.figures.scope import Scope
from workflow.models.person import Person
from workflow.models.refusal import Refusable

MOST = 20
NAMES = dict(zip(FIVE, ("overdue", "due_soon", "waiting", "done", "rest"), strict=True))
HIDDEN: dict[Locale, str] = {"vi": "nhiệm vụ mật", "en": "a secret directive"}


@dataclass(frozen=True)
class House:
    """`name` is the body the installation serves; without `link_keys` nobody can be let off a mail."""

    name: str
    base_url: str
    contact: str
    link_keys: tuple[bytes, ...] = ()

    def unsubscribe(self, person: Person) -> str | None:
        if not self.link_keys:
            return None
        token = refusals.token(self.link_keys[0], person, Refusable.WEEKLY)
        return unsubscribe_url(self.base_url, token)


def letter(db: Session, person: Person, title: str | None, house: House, night: date, today: date) -> Letter:
    """Figures of the evening before the night that wrote it: the same however late the mail leaves."""
    locale: Locale = "en" if person.locale == "en" else "vi"
    on = night - timedelta(days=1)
    report = f"{house.base_url}/bao-cao?report=weekly&as_of={on.isoformat()}"
    return Letter(
        kind=MailKind.WEEKLY,
        locale=locale,
        today=today,
        recipient_name=person.name,
        recipient_title=title,
        delegation_name=house.name,
        supervision_code="tuan",
        subject="",
        answer_url=report,
        list_url=report,
        contact=house.contact,
        needs_login=True,
        unsubscribe_url=house.unsubscribe(person),
        weekly=_weekly(db, person, house.base_url, on, today, locale),
    )


def _weekly(db: Session, person: Person, base_url: str, on: date, today: date, locale: Locale) -> Weekly:
    actor = person_as_actor(db, person)
    week = weeks.week(db, actor, rules_on(db, on, today), Scope(on))
    mine = actor.organizations()
    return Weekly(
        week=on.isocalendar().week,
        as_of=on,
        figures=tuple(Figure(NAMES[one], count, f"{base_url}{link}") for one, count, link in week.figures),
        changes=tuple(Change(one.code, _changed(one, locale)) for one in week.changes[:MOST]),
        waiting=tuple(
            Waiting(one.code, _lowered(one.what[locale]), one.whom, one.since_on, one.whom_id in mine)
            for one in week.waiting[:MOST]
        ),
        upcoming=tuple(_coming(one, locale) for one in week.upcoming[:MOST]),
        agencies=tuple(
            AgencyRow(one.title, one[Sum.TOTAL], one[Sum.OVERDUE], one[Sum.DONE])
            for one in sorted(week.agencies, key=lambda one: (-one[Sum.OVERDUE], one.title))[:MOST]
        ),
    )


def _changed(one: weeks.Change, locale: Locale) -> str:
    title = HIDDEN[locale] if one.is_secret else one.title
    return f"{title}: {one.what[locale]}, {one.on:%d/%m/%Y}"


def _coming(one: Any, locale: Locale) -> Upcoming:
    title = HIDDEN[locale] if one.is_secret else one.title
    return Upcoming(one.code, title, one.lead_name or "", one.due_on)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
