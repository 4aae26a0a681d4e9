"""A lifecycle drawn and listed, in either language, for the documentation and the command line."""

from typing import TYPE_CHECKING

from workflow.moves import Move, Phase

if TYPE_CHECKING:
    from workflow.lifecycle import Lifecycle

HEADINGS = {
    "vi": ("Việc", "Từ", "Đến", "Ai được làm", "Phải nêu", "Mở", "Khép", "Báo cho"),
    "en": ("Move", "From", "To", "By", "Requires", "Opens", "Ends", "Tells"),
}
UNCHANGED = {"vi": "không đổi", "en": "unchanged"}
BEFORE_PAUSE = {"vi": "trạng thái trước khi tạm dừng", "en": "the state before the pause"}


def diagram(lifecycle: "Lifecycle", locale: str) -> str:
    """Mermaid; moves that stay in their state are in the table only."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.title[locale]}" as {name}' for name, state in lifecycle.states.items()]
    lines.append(f"    [*] --> {lifecycle.initial.name}")
    for (source, target), labels in _arrows(lifecycle, locale).items():
        lines.append(f"    {source} --> {target}: {' / '.join(labels)}")
    closed = [name for name, state in lifecycle.states.items() if state.phase is Phase.CLOSED]
    return "\n".join([*lines, *(f"    {name} --> [*]" for name in closed)]) + "\n"


def _arrows(lifecycle: "Lifecycle", locale: str) -> dict[tuple[str, str], list[str]]:
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in lifecycle.moves:
        for source, targets in lifecycle.targets(move).items():
            for target in targets:
                if target != source:
                    arrows.setdefault((source, target), []).append(move.title[locale])
    return arrows


def table(lifecycle: "Lifecycle", locale: str) -> str:
    """Every move as a row of a Markdown table."""
    heading = HEADINGS[locale]
    rows = [heading, ("---",) * len(heading), *(_row(lifecycle, move, locale) for move in lifecycle.moves)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(lifecycle: "Lifecycle", move: Move, locale: str) -> tuple[str, ...]:
    titles = {name: state.title[locale] for name, state in lifecycle.states.items()}
    special = {"same": UNCHANGED[locale], "previous": BEFORE_PAUSE[locale]}
    return (
        f"{move.title[locale]} (`{move.name}`)",
        ", ".join(titles[name] for name in move.sources),
        special.get(move.to) or titles[move.to],
        ", ".join(lifecycle.roles[role][locale] for role in move.by),
        _code(move.requires),
        _code(move.opens),
        _code((*move.discharges, *(kind for kind in move.voids if kind not in move.discharges))),
        ", ".join(f"`{tell.kind}`: {', '.join(tell.to)}" for tell in move.tells),
    )


def _code(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
