"""The life of a directive as data: which moves exist, from where, by whom, and what they do to the clock."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from workflow import lifecycle_diagram
from workflow.errors import MoveNotAllowed
from workflow.findings import FileInvalid
from workflow.lifecycle_file import (
    check_names,
    check_obligations,
    check_states,
    read_move,
    read_move_fields,
    read_roles,
    read_states,
)
from workflow.moves import Move, Phase, Role, State, targets
from workflow.yaml_source import Source

THIS_DIRECTIVE = {"vi": "nhiệm vụ này", "en": "this directive"}
NOTHING = {"vi": "không có", "en": "nothing"}


class LifecycleInvalid(FileInvalid):
    """The lifecycle was not taken over; the one in force stays in force."""


@dataclass(frozen=True)
class Lifecycle:
    """Validated at load: every state is reached, every state can be left until it is closed."""

    name: str
    title: dict[str, str]
    roles: dict[Role, dict[str, str]]
    states: dict[str, State]
    moves: tuple[Move, ...]
    version: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", _digest(to_document(self)))

    @property
    def initial(self) -> State:
        return next(state for state in self.states.values() if state.phase is Phase.DRAFT)

    def moves_from(self, state: str) -> list[Move]:
        return [move for move in self.moves if state in move.sources]

    def find(self, move_name: str, state: str, code: str | None = None) -> Move:
        """Raises MoveNotAllowed, naming the moves allowed from this state; `code` is for its sentence."""
        for move in self.moves_from(state):
            if move.name == move_name:
                return move
        raise MoveNotAllowed(
            move=self.move_title(move_name),
            code=code or THIS_DIRECTIVE,
            state=self.states[state].title if state in self.states else state,
            allowed=self.allowed(state),
        )

    def allowed(self, state: str) -> dict[str, str]:
        moves = self.moves_from(state)
        if not moves:
            return NOTHING
        return {
            locale: ", ".join(f"{move.title[locale]} ({move.name})" for move in moves)
            for locale in ("vi", "en")
        }

    def move_title(self, move_name: str) -> dict[str, str]:
        """The title of a move; an unknown name speaks for itself."""
        titles = (move.title for move in self.moves if move.name == move_name)
        return next(titles, {"vi": move_name, "en": move_name})

    def targets(self, move: Move) -> dict[str, tuple[str, ...]]:
        """From each source of the move, the states it may lead to."""
        return targets(move, self.moves)

    def diagram(self, locale: str) -> str:
        """Mermaid source, with the titles of this language."""
        return lifecycle_diagram.diagram(self, locale)

    def table(self, locale: str) -> str:
        """Every move as a row of a Markdown table."""
        return lifecycle_diagram.table(self, locale)


def load_lifecycle(text: str, name: str) -> Lifecycle:
    """Raises LifecycleInvalid with all findings of the file."""
    source = Source(text, name)
    top = source.root(LifecycleInvalid).fields(("title", "roles", "states", "moves"))
    states, roles = read_states(top["states"]), read_roles(top["roles"])
    move_fields = [read_move_fields(cell) for cell in top["moves"].items(least=1)]
    moves = [read_move(fields, states, roles) for fields in move_fields]
    title = top["title"].titles()
    check_names(moves, move_fields)
    source.stop_if_wrong(LifecycleInvalid)
    check_states(states, moves, top["states"])
    check_obligations(states, moves, move_fields)
    source.stop_if_wrong(LifecycleInvalid)
    return Lifecycle(name, title, roles, states, tuple(moves))


def to_document(lifecycle: Lifecycle) -> dict[str, Any]:
    """Everything but the version."""
    return {
        "name": lifecycle.name,
        "title": lifecycle.title,
        "roles": lifecycle.roles,
        "states": [asdict(state) for state in lifecycle.states.values()],
        "moves": [asdict(move) for move in lifecycle.moves],
    }


def _digest(document: Mapping[str, Any]) -> str:
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
