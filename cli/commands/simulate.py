"""dondoc simulate: the nights to come, played in a scratch copy."""

import sys
from dataclasses import replace
from datetime import date

import click

from cli.output import emit, remark, table
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Command
from workflow.simulate import PlannedMail
from workflow.simulate import simulate as play
from workflow.store import directives


def command() -> click.Command:
    return simulate


@click.command(
    cls=Command, help="Diễn thử từng đêm bằng chính bộ máy này; không gửi, không ghi / simulate nights."
)
@click.option("--from", "first", type=DAY, required=True, help="Đêm đầu / first night.")
@click.option("--to", "last", type=DAY, required=True, help="Đêm cuối / last night.")
@click.option("--json", "as_json", is_flag=True)
@pass_runtime
def simulate(runtime: Runtime, first: date, last: date, as_json: bool) -> None:
    if last < first:
        raise click.UsageError(
            runtime.text("--to phải không sớm hơn --from.", "--to may not be before --from.")
        )
    mails = _played(runtime, first, last, quiet=as_json)
    if as_json:
        emit([mail.as_json() for mail in mails])
        return
    rows = [(mail.night, mail.recipient, mail.kind, _said(line)) for mail in mails for line in mail.lines]
    headers = {"vi": ("Đêm", "Gửi tới", "Thư", "Nhiệm vụ"), "en": ("Night", "To", "Mail", "Directive")}
    table(headers[runtime.lang], rows)
    remark(
        runtime.text(
            f"{len(mails)} thư. Diễn thử: chưa ghi, chưa gửi gì.",
            f"{len(mails)} mails. Nothing was written or sent.",
        )
    )


def _played(runtime: Runtime, first: date, last: date, *, quiet: bool) -> list[PlannedMail]:
    nights = (last - first).days + 1
    hidden = quiet or not sys.stdout.isatty()
    with (
        runtime.reading() as db,
        click.progressbar(length=nights, label=runtime.text("Đêm", "Night"), hidden=hidden) as bar,
    ):
        mails: list[PlannedMail] = []
        known = directives.codes(db, runtime.actor(db))
        for _, of_the_night in play(db, first, last):
            mails += _visible(of_the_night, known)
            bar.update(1)
    return mails


def _visible(mails: list[PlannedMail], known: set[str]) -> list[PlannedMail]:
    """Lines of directives this actor may not know are left out, and mails of nothing else."""
    kept = [
        replace(mail, lines=tuple(line for line in mail.lines if line["directive"] in known))
        for mail in mails
    ]
    return [mail for mail in kept if mail.lines]


def _said(line: dict[str, object]) -> str:
    step = f"L{line['level']}" if "level" in line else f"{line['rung']:+d}"
    return f"{line['directive']} {line['obligation']} {step} ({line['due_on']})"
