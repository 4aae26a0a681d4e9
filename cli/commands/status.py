"""dondoc status: the state of things on one screen."""

from datetime import timedelta
from typing import Any

import click
from sqlmodel import Session

from cli.commands.directive_list import footer
from cli.output import emit, facts
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json
from config.instant import real_now
from workflow import standing
from workflow.access import Actor
from workflow.models.sweep_run import SweepRun
from workflow.store import directives, heartbeats, messages, sweeps
from workflow.store.filters import Filter
from workflow.words import MESSAGES


def command() -> click.Command:
    return status


@click.command(cls=Command, help="Đêm qua, đêm tới, nhiệm vụ, thư, các tiến trình / on one screen.")
@as_json
@pass_runtime
def status(runtime: Runtime, as_json: bool) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        document = _gathered(runtime, db, actor)
    if as_json:
        emit(
            {name: value for name, value in document.items() if name != "run"}
            | {"last_night": document["last_night"]}
        )
        return
    _show(runtime, document)


def _gathered(runtime: Runtime, db: Session, actor: Actor) -> dict[str, Any]:
    """Nights and parts are for those who see everything; the counts are each reader's own."""
    today = runtime.today(db)
    counts = directives.counts(db, actor, standing.as_of(db, today), Filter())
    outbox = messages.counts(db, actor)
    own = {
        "as_of": today,
        "directives": {one.value: number for one, number in counts.items()},
        "outbox": {one.value: number for one, number in outbox.items()},
        "last_night": None,
        "run": None,
    }
    if not actor.sees_all:
        return own
    last = sweeps.last_completed(db)
    return own | {
        "run": last,
        "last_night": _night(last) if last else None,
        "next_night": sweeps.next_night(db, today),
        "heartbeats": {name: _seconds(age) for name, age in heartbeats.ages(db, real_now()).items()},
    }


def _night(run: SweepRun) -> dict[str, Any]:
    return {
        "night_on": run.night_on, "completed_at": run.completed_at, "open": run.open_count,
        "looked_at": run.looked_at_count, "messages": run.message_count, "held": run.held_count,
    }  # fmt: skip


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


def _show(runtime: Runtime, document: dict[str, Any]) -> None:
    text, locale = runtime.text, runtime.lang
    counts = {standing.Standing(name): number for name, number in document["directives"].items()}
    outbox = [f"{number} {_message(name)[locale]}" for name, number in document["outbox"].items()]
    run: SweepRun | None = document["run"]
    beats = [f"{name} {_age(runtime, age)}" for name, age in document.get("heartbeats", {}).items()]
    facts(
        [
            (text("Tính đến", "As of"), document["as_of"]),
            (text("Nhiệm vụ", "Directives"), footer(counts, locale)),
            (text("Thư", "Mails"), ", ".join(outbox) or "0"),
            (text("Đêm gần nhất", "Last night"), _said(runtime, run) if run else None),
            (text("Đêm tới", "Next night"), document.get("next_night")),
            (text("Tiến trình", "Processes"), ", ".join(beats)),
        ]
    )


def _message(name: str) -> dict[str, str]:
    return next(texts for status, texts in MESSAGES.items() if status.value == name)


def _said(runtime: Runtime, run: SweepRun) -> str:
    equal = "=" if run.open_count == run.looked_at_count else "≠"
    return runtime.text(
        f"{run.night_on:%d/%m/%Y}: đang mở {run.open_count} {equal} đã xét {run.looked_at_count}, "
        f"{run.message_count} thư, giữ {run.held_count}",
        f"{run.night_on:%d/%m/%Y}: open {run.open_count} {equal} looked at {run.looked_at_count}, "
        f"{run.message_count} mails, {run.held_count} held",
    )


def _age(runtime: Runtime, seconds: int | None) -> str:
    if seconds is None:
        return runtime.text("chưa chạy", "never ran")
    return runtime.text(f"{seconds} giây trước", f"{seconds} s ago")
