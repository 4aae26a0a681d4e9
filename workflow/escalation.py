"""One delivery raised to its next level by hand: the same levels and people as the nightly sweep's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from workflow.errors import InputWrong
from workflow.kinds import NoticeKind
from workflow.ladder import Audience, Level, ObligationKind, Side
from workflow.models.event import Event
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation
from workflow.obligations import Clock
from workflow.policy import Policy
from workflow.sweep.escalate import kind_for
from workflow.sweep.recipients import holders


@dataclass(frozen=True)
class Climbed:
    obligation: Obligation
    level: Level


@dataclass(frozen=True)
class Told:
    organization_id: int
    person_id: int
    kind: NoticeKind
    stands_for_id: int | None = None
    instead_of: str | None = None

    def notice(self, event: Event, climbed: Climbed, bundle: str, on: date) -> Notice:
        """Keyed like the sweep's notice of this level, so that neither tells it twice."""
        obligation, level = climbed.obligation, climbed.level.level
        return Notice(
            key=f"L:{level}:{obligation.id}:{obligation.due_version}:{self.person_id}",
            kind=self.kind.value,
            severity=self.kind.severity,
            directive_id=obligation.directive_id,
            obligation_id=obligation.id,
            event_id=event.id,
            person_id=self.person_id,
            organization_id=self.organization_id,
            stands_for_id=self.stands_for_id,
            instead_of=self.instead_of,
            level=level,
            due_on=obligation.due_on,
            due_version=obligation.due_version,
            night_on=on,
            bundle=bundle,
        )


def climb(db: Session, clock: Clock, on: date) -> Climbed:
    """Raise the oldest running delivery; refused when it is not late or stands on the last level."""
    late = [one for one in clock.running([ObligationKind.DELIVER]) if one.due_on < on]
    if not late:
        raise _refusal(clock, "Nhiệm vụ chưa quá hạn.", "It is not overdue.")
    levels = clock.policy.ladders[late[0].ladder].levels
    above = [level for level in levels if level.level == late[0].level + 1]
    if not above:
        raise _refusal(clock, "Đã ở cấp cao nhất.", "It stands on the last level.")
    obligation = late[0]
    obligation.level, obligation.level_raised_on, obligation.level_settled_on = above[0].level, on, None
    db.add(obligation)
    db.flush()
    return Climbed(obligation, above[0])


def _refusal(clock: Clock, vi: str, en: str) -> InputWrong:
    return InputWrong(field="level", value=clock.directive.code, why={"vi": vi, "en": en})


def people(db: Session, climbed: Climbed, policy: Policy, on: date) -> Iterator[Told]:
    """Holders first, then copies; each person once."""
    seen: set[int] = set()
    for audience, is_copy in _audiences(climbed.level):
        obligation = climbed.obligation
        body = obligation.owed_by_id if audience.side is Side.OWED_BY else obligation.owed_to_id
        reachable = holders(policy, audience.position, on)
        columns = (reachable.c.person_id, reachable.c.stands_for_id, reachable.c.instead_of)
        query = select(*columns).where(reachable.c.organization_id == body)
        for person_id, stands_for, instead_of in db.execute(query.order_by(reachable.c.person_id)):
            if person_id not in seen:
                seen.add(person_id)
                kind = kind_for(obligation.ladder, audience, is_copy=is_copy)
                yield Told(body, person_id, kind, stands_for, instead_of)


def _audiences(level: Level) -> list[tuple[Audience, bool]]:
    return [(one, False) for one in level.to] + [(one, True) for one in level.copy]
