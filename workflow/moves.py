"""What a lifecycle is made of: states, roles, moves and what a move tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workflow.ladder import ObligationKind

SAME = "same"
PREVIOUS = "previous"


class Phase(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    REVIEW = "review"
    PAUSED = "paused"
    CLOSED = "closed"


class Role(StrEnum):
    """What a person can be to one directive; who holds which is decided by access."""

    LEAD = "lead"
    LEAD_HEAD = "lead_head"
    COORDINATING = "coordinating"
    SECRETARY = "secretary"
    DEPUTY_CHAIR = "deputy_chair"
    CHAIR = "chair"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


@dataclass(frozen=True)
class State:
    name: str
    phase: Phase
    title: dict[str, str]


@dataclass(frozen=True)
class Tell:
    """A notice the move writes: its kind, and who gets it in words of AUDIENCE."""

    kind: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """One arrow, from several states. `to` is a state, `same`, or `previous` (the state before a pause).

    `only` limits it to directives with a date ("dated") or without ("rhythm"). `answers` names the move
    whose pending request this one decides.
    """

    name: str
    title: dict[str, str]
    sources: tuple[str, ...]
    to: str
    by: tuple[Role, ...]
    only: str | None
    answers: str | None
    requires: tuple[str, ...]
    opens: tuple[ObligationKind, ...]
    discharges: tuple[ObligationKind, ...]
    pauses: tuple[ObligationKind, ...]
    resumes: tuple[ObligationKind, ...]
    voids: tuple[ObligationKind, ...]
    sets: tuple[str, ...]
    tells: tuple[Tell, ...]

    def fits(self, *, has_rhythm: bool) -> bool:
        return self.only is None or (self.only == "rhythm") == has_rhythm

    def target(self, state: str, before_pause: str | None = None) -> str:
        """Where the move leads from `state`; `before_pause` is needed by a move to `previous`."""
        if self.to == SAME:
            return state
        if self.to == PREVIOUS:
            if before_pause is None:
                raise ValueError(f"{self.name} needs the state before the pause")
            return before_pause
        return self.to


def targets(move: Move, moves: Iterable[Move]) -> dict[str, tuple[str, ...]]:
    """From each source of the move, the states it may lead to; back from a pause these are several."""
    if move.to != PREVIOUS:
        return {source: (move.target(source),) for source in move.sources}
    into = [(other.to, state) for other in moves for state in other.sources]
    return {source: tuple(state for to, state in into if to == source) for source in move.sources}
