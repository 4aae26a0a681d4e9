"""dondoc directive: what is asked of whom, where it stands, and every act on it."""

from typing import Any

import click

from cli.commands.directive_drafts import add, edit
from cli.commands.directive_list import list_directives
from cli.commands.directive_moves import MOVES, extend
from cli.commands.directive_reading import explain_date, history, moves, show
from cli.commands.letter import draft_letter, keep_signed
from cli.speech import Group


def command() -> click.Command:
    return directive


@click.group(cls=Group, help="Nhiệm vụ: xem, trả lời, quyết định / directives.")
def directive() -> None:
    pass


COMMANDS: tuple[Any, ...] = (
    list_directives,
    show,
    add,
    edit,
    *MOVES,
    extend,
    history,
    explain_date,
    moves,
    draft_letter,
    keep_signed,
)
for each in COMMANDS:
    directive.add_command(each)
