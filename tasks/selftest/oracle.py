"""What one night must tell, recomputed forwards from the policy, an obligation at a time.

The sweep reads the policy backwards and in sets; the two readings share no statement.
"""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.ladder import Audience, Side, timetable
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.person import Membership, Person

Told = dict[str, set[str]]
"""Address of a person, and the codes his one mail of the night must name."""


def promised(db: Session, night: date) -> Told:
    """Reminders only: nothing of the population is late by then."""
    calendar = rulebook.active_calendar(db)
    told: Told = defaultdict(set)
    running = col(Obligation.status) == ObligationStatus.RUNNING
    query = select(Obligation, Directive).join(Directive, col(Directive.id) == col(Obligation.directive_id))
    holders = _holders(db)
    for one, directive in db.execute(query.where(running)):
        policy = rulebook.policy(db, one.policy_id)
        counted = policy.counted(calendar)
        for step in timetable(policy.ladders[one.ladder], counted, one.opened_on, one.due_on, one.span_days):
            if step.applies and step.level is None and step.on == night:
                for audience in step.rung.to if step.rung else ():
                    for address in holders.get(_post(one, audience), ()):
                        told[address].add(directive.code)
    return dict(told)


def _post(one: Obligation, audience: Audience) -> tuple[int, str]:
    body = one.owed_by_id if audience.side is Side.OWED_BY else one.owed_to_id
    return body, audience.position.value


def _holders(db: Session) -> dict[tuple[int, str], list[str]]:
    found = defaultdict(list)
    query = select(col(Membership.organization_id), col(Membership.position), col(Person.email))
    for body, position, email in db.execute(query.join(Person, col(Person.id) == col(Membership.person_id))):
        found[body, position.value].append(email)
    return found
