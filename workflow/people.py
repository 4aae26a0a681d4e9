"""Finding the people a move tells: holders of posts in the bodies of one directive."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.ladder import Position
from workflow.models.directive import Coordination, Directive
from workflow.models.supervision import Supervision
from workflow.policy import Policy
from workflow.sweep.recipients import holders

AGENCY_WORDS = {"lead": Position.CLERK, "agency_head": Position.HEAD}
DELEGATION_WORDS = {
    "secretary": Position.SECRETARY,
    "deputy_chair": Position.DEPUTY_CHAIR,
    "chair": Position.CHAIR,
}


@dataclass(frozen=True)
class Reader:
    """`stands_for_id`: the absent person this one is deputy of; `instead_of`: the position nobody else fills."""

    organization_id: int | None
    person_id: int
    stands_for_id: int | None = None
    instead_of: str | None = None


class Audiences:
    """Resolves the audience words of a lifecycle for one directive on one day."""

    def __init__(
        self,
        db: Session,
        directive: Directive,
        policy: Policy,
        on: date,
        actor: Actor,
        former_lead: int | None,
    ) -> None:
        self.db = db
        self.directive = directive
        self.policy = policy
        self.on = on
        self.actor = actor
        self.former_lead = former_lead

    def people(self, word: str) -> list[tuple[int | None, int]]:
        """Pairs (organization_id, person_id); empty when nobody can be reached."""
        return [(one.organization_id, one.person_id) for one in self.readers(word)]

    def readers(self, word: str) -> list[Reader]:
        """The same people with whom they stand in for."""
        if word == "actor":
            me = self.actor.person_id
            return [Reader(self._acted_for(), me)] if me is not None else []
        if word == "former_lead":
            same = self.former_lead in (None, self.directive.lead_id)
            return [] if same else self._holders(self.former_lead, Position.CLERK)
        if word == "coordinating":
            return [one for body in self._coordinating() for one in self._holders(body, Position.CLERK)]
        if word in AGENCY_WORDS:
            return self._holders(self.directive.lead_id, AGENCY_WORDS[word])
        delegation = self.db.get_one(Supervision, self.directive.supervision_id).delegation_id
        return self._holders(delegation, DELEGATION_WORDS[word])

    def bodies(self, word: str) -> list[int | None]:
        """Where somebody should be reached by this word; empty where it asks for nobody in particular."""
        if word == "coordinating":
            return list(self._coordinating())
        if word in AGENCY_WORDS:
            return [self.directive.lead_id] if self.directive.lead_id is not None else []
        if word in DELEGATION_WORDS:
            return [self.db.get_one(Supervision, self.directive.supervision_id).delegation_id]
        return []

    def _acted_for(self) -> int | None:
        """The agency an answer was given for: the lead, else one that contributes."""
        posts, bodies = self.actor.organizations(), (self.directive.lead_id, *self._coordinating())
        return next((body for body in bodies if body in posts), None)

    def _coordinating(self) -> list[int]:
        query = select(col(Coordination.organization_id)).where(
            col(Coordination.directive_id) == self.directive.id
        )
        return sorted(self.db.scalars(query))

    def _holders(self, organization_id: int | None, position: Position) -> list[Reader]:
        people = holders(self.policy, position, self.on)
        columns = (people.c.organization_id, people.c.person_id, people.c.stands_for_id, people.c.instead_of)
        query = select(*columns).where(people.c.organization_id == organization_id)
        return [Reader(*row) for row in self.db.execute(query.order_by(people.c.person_id))]
