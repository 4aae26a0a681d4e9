"""One act from the command line: rehearsed, shown, confirmed, done."""

from collections.abc import Callable
from dataclasses import dataclass

import click

from cli.output import table
from cli.runtime import Runtime
from workflow import standing
from workflow.desk import Desk
from workflow.errors import InputMissing
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.possible import lifecycle_of
from workflow.store import tellings
from workflow.store.tellings import Telling
from workflow.words import NOTICES, Texts

Act = Callable[[Desk], Event]
OPTIONS = {
    "reason": "--reason",
    "note": "--text",
    "result": "--text",
    "progress": "--text",
    "due_on": "--due",
    "due_on_or_rhythm": "--due",
    "resume_on": "--until",
    "lead": "--to",
    "evidence": "--evidence, --proof",
}


class OptionMissing(InputMissing):
    """The same refusal, with the option that answers it."""

    sentences = {
        "vi": "Thiếu {option} khi thực hiện '{move}' với {code}.",
        "en": "{option} is required to {move} {code}.",
    }
    exit_code = 2


@dataclass(frozen=True)
class Outcome:
    code: str
    title: Texts
    state: Texts
    told: list[Telling]
    others: int


def carry_out(runtime: Runtime, act: Act, *, yes: bool, dry_run: bool) -> None:
    """Ask before anybody else is mailed; a refusal comes before the question."""
    runtime.yes = runtime.yes or yes
    if dry_run or not runtime.yes:
        with runtime.rehearsal() as desk:
            outcome = _made(desk, act)
        if dry_run or outcome.others:
            _plan(runtime, outcome)
        if dry_run:
            runtime.say("Chạy thử: chưa ghi, chưa gửi gì.", "Dry run: nothing was written or sent.")
            return
        if outcome.others:
            runtime.confirm("Thực hiện?", "Go ahead?")
    with runtime.desk() as desk:
        outcome = _made(desk, act)
    _report(runtime, outcome)


def _made(desk: Desk, act: Act) -> Outcome:
    try:
        event = act(desk)
    except InputMissing as refusal:
        raise with_option(refusal) from None
    told = tellings.of_event(desk.db, desk.actor, event.id)
    directive = desk.db.get_one(Directive, event.directive_id)
    states = standing.as_of(desk.db, desk.today).states
    mine = desk.actor.name if desk.actor.person_id is not None else None
    others = sum(1 for one in told if one.person != mine)
    title = lifecycle_of(desk.db, directive).move_title(event.act)
    return Outcome(directive.code, title, states[directive.state], told, others)


def with_option(refusal: InputMissing) -> OptionMissing:
    option = OPTIONS.get(str(refusal.facts["field"]), f"'{refusal.facts['field']}'")
    return OptionMissing(**refusal.facts, option=option)


def _plan(runtime: Runtime, outcome: Outcome) -> None:
    state = outcome.state[runtime.lang]
    runtime.say(
        f"{outcome.code}: trạng thái sau đó là '{state}', {len(outcome.told)} thư:",
        f"{outcome.code}: will be '{state}', {len(outcome.told)} mails:",
    )
    headers = (runtime.text("Thư", "Mail"), runtime.text("Gửi tới", "To"), runtime.text("Cơ quan", "Body"))
    table(headers, [(NOTICES[one.kind][runtime.lang], one.person, one.organization) for one in outcome.told])


def _report(runtime: Runtime, outcome: Outcome) -> None:
    title = outcome.title
    told = ", ".join(sorted({one.person or "" for one in outcome.told})) or "-"
    runtime.say(
        f"{outcome.code}: {title['vi']}. Trạng thái: {outcome.state['vi']}. Báo cho: {told}.",
        f"{outcome.code}: {title['en']}. State: {outcome.state['en']}. Told: {told}.",
    )


def read_text(runtime: Runtime, path: str) -> str:
    """A text file, or standard input for `-`."""
    try:
        with click.open_file(path, encoding="utf-8-sig") as source:
            return str(source.read())
    except FileNotFoundError:
        raise click.UsageError(runtime.text(f"Không có tệp {path}.", f"There is no file {path}.")) from None
    except (UnicodeDecodeError, OSError) as error:
        raise click.UsageError(
            runtime.text(f"Không đọc được {path}: {error}", f"Cannot read {path}: {error}")
        ) from None
