"""docs/reference/cli.md names every command there is, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli import main, nouns

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/cli.md").read_text(encoding="utf-8")
ELSEWHERE = {"conclusion"}


def leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        yield path
        return
    for name, child in command.commands.items():
        yield from leaves(child, (*path, name))


def commands() -> set[str]:
    context = click.Context(main.dondoc)
    assert isinstance(main.dondoc, main.Nouns)
    found = set()
    for noun in set(nouns.TABLE) - ELSEWHERE:
        command = main.dondoc.get_command(context, noun)
        assert command is not None
        found |= {" ".join(path) for path in leaves(command, (noun,))}
    return found


def documented() -> list[str]:
    return re.findall(r"`([a-z][^`]*)`", PAGE)


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_page_names_this_command(command: str) -> None:
    assert any(said == command or said.startswith(command + " ") for said in documented())


def test_the_page_names_no_command_that_does_not_exist() -> None:
    known = commands()
    rows = [said for said in documented() if said.split()[0] in set(nouns.TABLE) - ELSEWHERE]
    unknown = [said for said in rows if not any(said == one or said.startswith(one + " ") for one in known)]
    assert unknown == []


def test_exit_codes_and_signs_are_those_of_the_program() -> None:
    from cli.commands.directive_list import SIGNS

    for sign in ("!!", *SIGNS.values()):
        assert f"| `{sign}` |" in PAGE
    for code in (0, 1, 2, 3, 4, 5, 6, 75, 130):
        assert f"| {code} |" in PAGE
