"""Ladders in a policy file: read with every fault placed, and written back in the same shape."""

from collections.abc import Mapping
from typing import Any

from workflow.ladder import AGENCY, DELEGATION, Audience, Ladder, Level, ObligationKind, Rung, Side
from workflow.yaml_source import Cell

LADDER_NAMES = (*(kind.value for kind in ObligationKind), "periodic")
RUNG_KINDS = ("reminder", "due_today", "unacknowledged", "review_late", "decision_late")
SIDES = {
    "acknowledge": {Side.OWED_BY: AGENCY, Side.OWED_TO: DELEGATION},
    "deliver": {Side.OWED_BY: AGENCY, Side.OWED_TO: DELEGATION},
    "periodic": {Side.OWED_BY: AGENCY, Side.OWED_TO: DELEGATION},
    "contribute": {Side.OWED_BY: AGENCY, Side.OWED_TO: AGENCY},
    "review": {Side.OWED_BY: DELEGATION, Side.OWED_TO: AGENCY},
    "decide": {Side.OWED_BY: DELEGATION, Side.OWED_TO: AGENCY},
}
YEAR = 366


def read_ladders(cell: Cell) -> dict[str, Ladder]:
    cells = cell.fields(LADDER_NAMES)
    return {name: _ladder(name, entry) for name, entry in cells.items()}


def _ladder(name: str, cell: Cell) -> Ladder:
    cells = cell.fields(("rungs", "levels"))
    return Ladder(name, _rungs(name, cells["rungs"]), _levels(name, cells["levels"]))


def _rungs(name: str, cell: Cell) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    for item in cell.items():
        cells = item.fields(("offset", "kind", "to"), optional=("min_span",))
        rung = _rung(name, cells)
        if cells["offset"].faulty:
            continue
        if rungs and rung.offset <= rungs[-1].offset:
            cells["offset"].wrong("rung_order", before=rungs[-1].offset)
        elif rungs and rung.min_span > rungs[-1].min_span:
            grown = cells["min_span"] if cells["min_span"].given else cells["offset"]
            grown.wrong("span_grows", before=rungs[-1].min_span, here=rung.min_span)
        rungs.append(rung)
    return tuple(rungs)


def _rung(name: str, cells: Mapping[str, Cell]) -> Rung:
    offset = cells["offset"].integer(-YEAR, YEAR, default=0)
    stated = cells["min_span"].integer(0, 2 * YEAR)
    kind = cells["kind"].word(RUNG_KINDS)
    return Rung(offset, max(stated, 1 - offset), read_audiences(cells["to"], name, least=1), kind)


def _levels(name: str, cell: Cell) -> tuple[Level, ...]:
    levels: list[Level] = []
    for item in cell.items():
        cells = item.fields(("level", "after", "to"), optional=("gap", "copy"))
        level = _level(name, cells)
        if not any(cell.faulty for cell in cells.values()):
            _check_level(level, cells, levels[-1] if levels else None)
            levels.append(level)
    return tuple(levels)


def _level(name: str, cells: Mapping[str, Cell]) -> Level:
    to = read_audiences(cells["to"], name, least=1)
    copy = read_audiences(cells["copy"], name) if cells["copy"].given else ()
    number, after = cells["level"].integer(1, 9), cells["after"].integer(1, YEAR)
    return Level(number, after, cells["gap"].integer(1, YEAR, default=2), to, copy)


def _check_level(level: Level, cells: Mapping[str, Cell], below: Level | None) -> None:
    expected = below.level + 1 if below else 1
    if level.level != expected:
        cells["level"].wrong("level_order", example=str(expected), expected=expected)
    elif below and level.after <= below.after:
        cells["after"].wrong("level_after", before=below.after)
    elif below and level.after - below.after < level.gap:
        where = cells["gap"] if cells["gap"].given else cells["after"]
        where.wrong("gap_too_wide", gap=level.gap, room=level.after - below.after)


def read_audiences(cell: Cell, ladder: str, least: int = 0) -> tuple[Audience, ...]:
    sides = SIDES[ladder]
    allowed = {f"{side}.{who}": Audience(side, who) for side, whos in sides.items() for who in whos}
    items = cell.items(least) if cell.given else []
    for place, item in enumerate(items):
        if item.raw() in {earlier.raw() for earlier in items[:place]}:
            item.wrong("repeated")
    return tuple(allowed[item.word(allowed)] for item in items)


def ladder_document(ladder: Ladder) -> dict[str, Any]:
    return {
        "rungs": [_rung_document(rung) for rung in ladder.rungs],
        "levels": [_level_document(level) for level in ladder.levels],
    }


def _rung_document(rung: Rung) -> dict[str, Any]:
    return {
        "offset": rung.offset,
        "min_span": rung.min_span,
        "kind": rung.kind,
        "to": audience_words(rung.to),
    }


def _level_document(level: Level) -> dict[str, Any]:
    return {
        "level": level.level,
        "after": level.after,
        "gap": level.gap,
        "to": audience_words(level.to),
        "copy": audience_words(level.copy),
    }


def audience_words(audiences: tuple[Audience, ...]) -> list[str]:
    return [str(audience) for audience in audiences]
