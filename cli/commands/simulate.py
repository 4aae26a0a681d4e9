"""dondoc simulate: the nights to come, played in a scratch copy under any policy, calendar and answers."""

import sys
from datetime import date
from typing import Any

import click
from sqlmodel import Session

from cli.acts import read_text
from cli.output import emit, remark, table
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Command
from workflow import contrast
from workflow.contrast import Contrast, Totals
from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind
from workflow.models.rule_version import RuleKind
from workflow.scenario import Answer, Scenario
from workflow.simulate import PlannedMail
from workflow.simulate import simulate as play
from workflow.store import directives, rules
from workflow.words import NOTICES, OBLIGATIONS


def command() -> click.Command:
    return simulate


class Answers(click.ParamType[tuple[Answer, int]]):
    """never, on-time, or late:N."""

    name = "answers"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Answer, int]:
        if isinstance(value, tuple):
            return value
        word, _, days = str(value).partition(":")
        if word == "late" and days.isdecimal() and int(days) <= 365:
            return Answer.LATE, int(days)
        if word not in ("never", "on-time") or days:
            self.fail(f"never | on-time | late:N, không phải / not {value}", param, ctx)
        return Answer(word.replace("-", "_")), 0


@click.command(
    cls=Command, help="Diễn thử từng đêm bằng chính bộ máy này; không gửi, không ghi / simulate nights."
)
@click.option("--from", "first", type=DAY, required=True, help="Đêm đầu / first night.")
@click.option("--to", "last", type=DAY, required=True, help="Đêm cuối / last night.")
@click.option("--policy", help="Bản chính sách hoặc @TỆP / a version or @FILE.")
@click.option("--calendar", help="Bản lịch hoặc @TỆP / a version or @FILE.")
@click.option(
    "--assume", type=Answers(), default="never",
    help="Người nợ việc trả lời: never | on-time | late:N / how soon people answer.",
)  # fmt: skip
@click.option("--against", help="So với bản chính sách này hoặc @TỆP / the difference to this policy.")
@click.option("--totals", "only_totals", is_flag=True, help="Chỉ tổng theo đêm và người / totals only.")
@click.option("--json", "as_json", is_flag=True)
@pass_runtime
def simulate(
    runtime: Runtime, /, first: date, last: date, policy: str | None, calendar: str | None,
    assume: tuple[Answer, int], against: str | None, *, only_totals: bool, as_json: bool,
) -> None:  # fmt: skip
    if last < first:
        raise click.UsageError(
            runtime.text("--to phải không sớm hơn --from.", "--to may not be before --from.")
        )
    with runtime.reading() as db:
        calendar_text = _text(runtime, db, RuleKind.CALENDAR, calendar)
        wanted = Scenario(_text(runtime, db, RuleKind.POLICY, policy), calendar_text, *assume)
        other = Scenario(_text(runtime, db, RuleKind.POLICY, against), calendar_text, *assume)
        mails = _played(runtime, db, first, last, wanted, quiet=as_json)
        others = _played(runtime, db, first, last, other, quiet=as_json) if against else None
    if others is not None:
        _show_contrast(runtime, contrast.contrast(mails, others), as_json=as_json)
    elif as_json:
        document = [mail.as_json() for mail in mails]
        emit(contrast.totals(mails).as_json() if only_totals else document)
    else:
        _show(runtime, mails, only_totals=only_totals)


def _text(runtime: Runtime, db: Session, kind: RuleKind, which: str | None) -> str | None:
    if which is None:
        return None
    if which.startswith("@"):
        return read_text(runtime, which[1:])
    return rules.find(db, kind, which).source


def _played(
    runtime: Runtime, db: Session, first: date, last: date, scenario: Scenario, *, quiet: bool
) -> list[PlannedMail]:
    nights = (last - first).days + 1
    hidden = quiet or not sys.stdout.isatty()
    known = directives.codes(db, runtime.actor(db))
    mails: list[PlannedMail] = []
    with click.progressbar(length=nights, label=runtime.text("Đêm", "Night"), hidden=hidden) as bar:
        for _, of_the_night in play(db, first, last, scenario):
            mails += contrast.known_to(of_the_night, known)
            bar.update(1)
    return mails


def _show(runtime: Runtime, mails: list[PlannedMail], *, only_totals: bool) -> None:
    if only_totals:
        _show_totals(runtime, contrast.totals(mails))
    else:
        rows = [
            (mail.night, mail.recipient, NOTICES[NoticeKind(mail.kind)][runtime.lang], _said(runtime, line))
            for mail in mails
            for line in mail.lines
        ]
        headers = {"vi": ("Đêm", "Gửi tới", "Thư", "Nhiệm vụ"), "en": ("Night", "To", "Mail", "Directive")}
        table(headers[runtime.lang], rows)
    remark(
        runtime.text(
            f"{len(mails)} thư. Diễn thử: chưa ghi, chưa gửi gì.",
            f"{len(mails)} mails. Nothing was written or sent.",
        )
    )


def _show_totals(runtime: Runtime, found: Totals) -> None:
    text = runtime.text
    table((text("Đêm", "Night"), text("Số thư", "Mails")), list(found.by_night.items()))
    table((text("Gửi tới", "To"), text("Số thư", "Mails")), list(found.by_recipient.items()))


def _said(runtime: Runtime, line: dict[str, Any]) -> str:
    owed, due_on = _owed(runtime, line["obligation"]), date.fromisoformat(line["due_on"])
    return f"{line['directive']} {owed} {_step(runtime, contrast.step_of(line))} ({due_on:%d/%m/%Y})"


def _owed(runtime: Runtime, obligation: str) -> str:
    return OBLIGATIONS[ObligationKind(obligation)][runtime.lang]


def _step(runtime: Runtime, step: str) -> str:
    if step.startswith("L"):
        return runtime.text(f"cấp {step[1:]}", f"level {step[1:]}")
    return runtime.text(f"nhắc {step}", f"reminder {step}")


def _show_contrast(runtime: Runtime, found: Contrast, *, as_json: bool) -> None:
    if as_json:
        emit(found.as_json())
        return
    headers = {
        "vi": ("Đêm", "Chỉ có ở", "Gửi tới", "Nhiệm vụ", "Việc", "Mốc"),
        "en": ("Night", "Only in", "To", "Directive", "Act", "Step"),
    }[runtime.lang]
    side = {True: "--against", False: "--policy"}
    rows = [
        (
            one.night,
            side[is_b],
            one.recipient,
            one.directive,
            _owed(runtime, one.obligation),
            _step(runtime, one.step),
        )
        for one, is_b in found.differences
    ]
    table(headers, rows)
    remark(
        runtime.text(
            f"{found.a.mails} thư so với {found.b.mails}; {len(rows)} dòng khác nhau. Chưa ghi, chưa gửi gì.",
            f"{found.a.mails} mails against {found.b.mails}; {len(rows)} lines differ. Nothing was written.",
        )
    )
