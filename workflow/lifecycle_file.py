"""Reads a lifecycle from YAML and proves it sound: every fault with its place, or a lifecycle."""

from collections.abc import Iterable, Mapping, Sequence

from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind
from workflow.moves import PREVIOUS, SAME, Move, Phase, Role, State, Tell, targets
from workflow.yaml_source import Cell

INPUTS = ("reason", "note", "result", "evidence", "due_on", "due_on_or_rhythm", "resume_on", "lead")
SETTABLE = (
    "title", "text", "lead", "coordinating", "due_on", "rhythm", "product", "resume_on", "level",
)  # fmt: skip
AUDIENCE = (
    "lead", "coordinating", "agency_head", "former_lead", "secretary", "deputy_chair", "chair", "actor",
)  # fmt: skip
EFFECTS = ("opens", "discharges", "pauses", "resumes", "voids")
MOVE_OPTIONAL = ("only", "answers", "requires", *EFFECTS, "sets", "tells")


def read_states(top: Cell) -> dict[str, State]:
    return {name: _state(name, cell) for name, cell in top.entries()}


def _state(name: str, cell: Cell) -> State:
    if name in (SAME, PREVIOUS):
        cell.wrong("reserved_word", word=name)
    cells = cell.fields(("phase", "vi", "en"))
    phase = Phase(cells["phase"].word(tuple(Phase)))
    return State(name, phase, {"vi": cells["vi"].text(), "en": cells["en"].text()})


def read_roles(top: Cell) -> dict[Role, dict[str, str]]:
    roles = {}
    for name, cell in top.entries():
        if name in set(Role):
            roles[Role(name)] = cell.titles()
        else:
            cell.wrong("nobody_has_role", role=name, allowed=", ".join(Role))
    return roles


def read_move_fields(cell: Cell) -> dict[str, Cell]:
    return cell.fields(("move", "vi", "en", "from", "to", "by"), optional=MOVE_OPTIONAL)


def read_move(cells: Mapping[str, Cell], states: Iterable[str], roles: Iterable[Role]) -> Move:
    names = tuple(states) or ("-",)
    effects = {effect: _obligations(cells[effect]) for effect in EFFECTS}
    return Move(
        name=cells["move"].text(),
        title={"vi": cells["vi"].text(), "en": cells["en"].text()},
        sources=_words(cells["from"], names, least=1),
        to=cells["to"].word((*names, SAME, PREVIOUS)),
        by=tuple(Role(word) for word in _words(cells["by"], tuple(roles) or tuple(Role), least=1)),
        only=cells["only"].word(("dated", "rhythm")) if cells["only"].given else None,
        answers=cells["answers"].text() if cells["answers"].given else None,
        requires=_words(cells["requires"], INPUTS),
        sets=_words(cells["sets"], SETTABLE),
        tells=tuple(_tell(item) for item in _items(cells["tells"])),
        **effects,
    )


def _items(cell: Cell, least: int = 0) -> list[Cell]:
    return cell.items(least) if cell.given else []


def _words(cell: Cell, allowed: tuple[str, ...], least: int = 0) -> tuple[str, ...]:
    items = _items(cell, least)
    for place, item in enumerate(items):
        if item.raw() in {earlier.raw() for earlier in items[:place]}:
            item.wrong("repeated")
    return tuple(item.word(allowed) for item in items)


def _obligations(cell: Cell) -> tuple[ObligationKind, ...]:
    return tuple(ObligationKind(word) for word in _words(cell, tuple(ObligationKind)))


def _tell(cell: Cell) -> Tell:
    cells = cell.fields(("kind", "to"))
    return Tell(cells["kind"].word(tuple(NoticeKind)), _words(cells["to"], AUDIENCE, least=1))


def check_names(moves: Sequence[Move], fields: list[dict[str, Cell]]) -> None:
    """One move of a name per state; a request that is answered must exist and open a decision."""
    taken: dict[tuple[str, str], int] = {}
    requests = {move.name for move in moves if ObligationKind.DECIDE in move.opens}
    for move, cells in zip(moves, fields, strict=True):
        for state in move.sources:
            first = taken.setdefault((move.name, state), id(move))
            if first != id(move):
                cells["move"].wrong("duplicate_move", move=move.name, state=state)
        if move.answers is not None and move.answers not in requests:
            cells["answers"].wrong("not_allowed", allowed=", ".join(sorted(requests)))


def check_states(states: Mapping[str, State], moves: Sequence[Move], top: Cell) -> None:
    drafts = [state.name for state in states.values() if state.phase is Phase.DRAFT]
    if len(drafts) != 1:
        top.wrong("one_draft", count=len(drafts))
        return
    forward = _arrows(states, moves)
    backward = {name: {other for other in forward if name in forward[other]} for name in forward}
    closed = [name for name, state in states.items() if state.phase is Phase.CLOSED]
    reached, finishing = _closure(drafts, forward), _closure(closed, backward)
    for name, cell in top.entries():
        if name not in reached:
            cell.wrong("unreachable", state=name, start=drafts[0])
        if name not in finishing:
            cell.wrong("dead_end", state=name)


def _arrows(states: Iterable[str], moves: Sequence[Move]) -> dict[str, set[str]]:
    arrows: dict[str, set[str]] = {name: set() for name in states}
    for move in moves:
        for source, ends in targets(move, moves).items():
            arrows[source].update(ends)
    return arrows


def _closure(start: Iterable[str], arrows: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += arrows[name]
    return seen


def check_obligations(
    states: Mapping[str, State], moves: Sequence[Move], fields: list[dict[str, Cell]]
) -> None:
    """What is opened can be met, what is paused can go on, and nothing runs on after the end."""
    opened = {kind for move in moves for kind in move.opens}
    met = {kind for move in moves for kind in move.discharges}
    resumed = {kind for move in moves for kind in move.resumes}
    for move, cells in zip(moves, fields, strict=True):
        _note_kinds(cells["opens"], set(move.opens) - met, "never_met")
        _note_kinds(cells["pauses"], set(move.pauses) - resumed, "never_resumed")
        target = states.get(move.to)
        if target is not None and target.phase in (Phase.CLOSED, Phase.DRAFT):
            left = opened - set(move.discharges) - set(move.voids)
            _note_kinds(cells["to"], left, "left_running")


def _note_kinds(cell: Cell, kinds: set[ObligationKind], code: str) -> None:
    if kinds:
        cell.wrong(code, kinds=", ".join(sorted(kinds)))
