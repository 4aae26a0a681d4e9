"""Finding the people a move tells: holders of posts in the bodies of one directive."""

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
        if word == "actor":
            return [(self._acted_for(), self.actor.person_id)] if self.actor.person_id is not None else []
        if word == "former_lead":
            same = self.former_lead in (None, self.directive.lead_id)
            return [] if same else self._holders(self.former_lead, Position.CLERK)
        if word == "coordinating":
            return [pair for body in self._coordinating() for pair in self._holders(body, Position.CLERK)]
        if word in AGENCY_WORDS:
            return self._holders(self.directive.lead_id, AGENCY_WORDS[word])
        delegation = self.db.get_one(Supervision, self.directive.supervision_id).delegation_id
        return self._holders(delegation, DELEGATION_WORDS[word])

    def _acted_for(self) -> int | None:
        """The agency an answer was given for: the lead, else one that contributes."""
        posts, bodies = self.actor.organizations(), (self.directive.lead_id, *self._coordinating())
        return next((body for body in bodies if body in posts), None)

    def _coordinating(self) -> list[int]:
        query = select(col(Coordination.organization_id)).where(
            col(Coordination.directive_id) == self.directive.id
        )
        return sorted(self.db.scalars(query))

    def _holders(self, organization_id: int | None, position: Position) -> list[tuple[int | None, int]]:
        people = holders(self.policy, position, self.on)
        query = select(people.c.person_id).where(people.c.organization_id == organization_id)
        return [(organization_id, person_id) for person_id in sorted(self.db.scalars(query))]
