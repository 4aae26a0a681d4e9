"""Who would be told of an obligation on a supposed night, asked of the database once for all alike."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from workflow.kinds import NoticeKind
from workflow.ladder import Audience, Position, Side
from workflow.models.directive import Directive
from workflow.models.person import Mailbox, Person, Role
from workflow.policy import Policy
from workflow.scratch import Owed
from workflow.sweep.recipients import holders

Addressed = tuple[tuple[Audience, NoticeKind], ...]
Reached = tuple[tuple[int, NoticeKind], ...]


class Audiences:
    """Answers hold until somebody leaves or comes back: only then they are asked anew."""

    def __init__(self, source: Session) -> None:
        self.source = source
        self.addresses = {one.id: one.email for one in source.scalars(select(Person))}
        self.changes = sorted(set(self._absences()))
        self.leaders = self._leaders()
        self._age = -1
        self._holders: dict[tuple[str, Position], dict[int, list[int]]] = {}
        self._reached: dict[tuple[str, Addressed, int, int], Reached] = {}

    def _absences(self) -> Iterator[date]:
        away = or_(col(Person.absent_from).is_not(None), col(Person.absent_until).is_not(None))
        for person in self.source.scalars(select(Person).where(away)):
            if person.absent_from is not None:
                yield person.absent_from
            if person.absent_until is not None:
                yield person.absent_until + timedelta(days=1)

    def _leaders(self) -> int:
        """How many read the weekly summary of those who lead; nobody before anything was issued."""
        issued = select(col(Directive.id)).where(col(Directive.issued_on).is_not(None)).limit(1)
        if self.source.scalar(issued) is None:
            return 0
        reads = (col(Person.is_active), col(Person.mailbox) == Mailbox.OPEN)
        query = select(func.count()).select_from(Person).where(col(Person.role) == Role.LEADERSHIP, *reads)
        return self.source.scalar(query) or 0

    def on(self, night: date) -> None:
        age = bisect_right(self.changes, night)
        if age != self._age:
            self._age = age
            self._holders.clear()
            self._reached.clear()
        self.night = night

    def of(self, owed: Owed, policy: Policy, addressed: Addressed) -> Reached:
        """Each person once, under the first of the audiences they belong to."""
        key = (policy.version, addressed, owed.owed_by, owed.owed_to)
        found = self._reached.get(key)
        if found is None:
            found = self._reached[key] = tuple(self._first_of_each(owed, policy, addressed))
        return found

    def _first_of_each(
        self, owed: Owed, policy: Policy, addressed: Addressed
    ) -> Iterator[tuple[int, NoticeKind]]:
        seen: set[int] = set()
        for audience, kind in addressed:
            body = owed.owed_by if audience.side is Side.OWED_BY else owed.owed_to
            for person in self._held(policy, audience.position).get(body, ()):
                if person not in seen:
                    seen.add(person)
                    yield person, kind

    def _held(self, policy: Policy, position: Position) -> dict[int, list[int]]:
        key = (policy.version, position)
        if key not in self._holders:
            people = holders(policy, position, self.night)
            found = self._holders[key] = {}
            for body, person in self.source.execute(select(people.c.organization_id, people.c.person_id)):
                found.setdefault(body, []).append(person)
        return self._holders[key]
