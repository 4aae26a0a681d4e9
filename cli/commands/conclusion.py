"""dondoc conclusion: from a text to issued directives."""

import sys
from pathlib import Path

import click

from cli.commands.conclusion_read import read
from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json
from workflow import intake
from workflow.conclusions.intake import SourceText, read_pasted, read_source
from workflow.errors import NotFound
from workflow.inputs import Inputs
from workflow.models.directive import Directive
from workflow.store import conclusions

MISSING = {
    "lead": {"vi": "chưa rõ cơ quan", "en": "no agency"},
    "time": {"vi": "chưa rõ thời hạn", "en": "no date"},
    "product": {"vi": "chưa rõ sản phẩm", "en": "no product"},
}


def command() -> click.Command:
    return conclusion


@click.group(cls=Group, help="Kết luận và dự thảo nhiệm vụ / conclusions and their drafts.")
def conclusion() -> None:
    pass


conclusion.add_command(read)


@conclusion.command(help="Nhập kết luận (tệp hoặc - là đầu vào chuẩn), đọc thành dự thảo / take one in.")
@click.argument("file")
@click.option("--supervision", required=True, metavar="CODE", help="Cuộc giám sát / supervision.")
@pass_runtime
def add(runtime: Runtime, /, file: str, supervision: str) -> None:
    source = _source(file)
    with runtime.desk() as desk:
        taken = intake.take_in(desk, supervision, source, Path(file).name)
        drafts = intake.drafts_of(desk.db, desk.actor, taken)
    runtime.say(
        f"{taken.code}: {len(drafts)} dự thảo. Tiếp theo: dondoc conclusion review {taken.code}.",
        f"{taken.code}: {len(drafts)} drafts. Next: dondoc conclusion review {taken.code}.",
    )


def _source(file: str) -> SourceText:
    if file == "-":
        return read_pasted(sys.stdin.read())
    try:
        return read_source(Path(file).read_bytes(), Path(file).name)
    except OSError as error:
        raise NotFound(what={"vi": "tệp", "en": "File"}, code=file) from error


@conclusion.command("list", help="Các kết luận và số nhiệm vụ / conclusions and their directives.")
@as_json
@pass_runtime
def list_conclusions(runtime: Runtime, /, as_json: bool) -> None:
    with runtime.reading() as db:
        rows = conclusions.listed(db, runtime.actor(db))
    if as_json:
        emit([row.as_json() for row in rows])
        return
    headers = {
        "vi": ("Mã", "Ngày nhập", "Trạng thái", "Dự thảo", "Đang mở", "Đã kết thúc", "Nguồn"),
        "en": ("Code", "Taken in", "State", "Drafts", "Open", "Closed", "Source"),
    }[runtime.lang]
    table(
        headers,
        [
            (
                row.code,
                row.received_at,
                intake.STATES[row.state][runtime.lang],
                row.drafts,
                row.open,
                row.closed,
                row.source,
            )
            for row in rows
        ],
    )


@conclusion.command(help="Nguyên văn đã lưu / the text as stored.")
@click.argument("code")
@pass_runtime
def show(runtime: Runtime, /, code: str) -> None:
    with runtime.reading() as db:
        found = intake.find(db, runtime.actor(db), code)
    click.echo(found.text)


@conclusion.command(help="Dự thảo và điều còn thiếu / drafts and what they still lack.")
@click.argument("code")
@as_json
@pass_runtime
def review(runtime: Runtime, /, code: str, as_json: bool) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        drafts = intake.drafts_of(db, actor, intake.find(db, actor, code))
        names = conclusions.lead_names(db, drafts)
    lacking = {one.code: one.missing for one in intake.unclear(drafts)}
    if as_json:
        emit([_as_json(one, names, lacking.get(one.code, ())) for one in drafts])
        return
    headers = {
        "vi": ("Mã", "Nội dung", "Chủ trì", "Thời hạn", "Còn thiếu"),
        "en": ("Code", "Text", "Lead", "Due", "Lacks"),
    }[runtime.lang]
    table(
        headers,
        [
            (
                one.code,
                one.text,
                names.get(one.lead_id or 0, ""),
                one.due_on or one.rhythm,
                _lacks(runtime, lacking.get(one.code, ())),
            )
            for one in drafts
        ],
    )


def _as_json(one: Directive, names: dict[int, str], missing: tuple[str, ...]) -> dict[str, object]:
    return {
        "code": one.code, "state": one.state, "text": one.text, "quote": one.quote,
        "span": [one.span_start, one.span_end], "lead": names.get(one.lead_id or 0),
        "due_on": one.due_on, "due_text": one.due_text, "rhythm": one.rhythm, "product": one.product,
        "missing": list(missing),
    }  # fmt: skip


def _lacks(runtime: Runtime, missing: tuple[str, ...]) -> str:
    return ", ".join(MISSING[name][runtime.lang] for name in missing)


@conclusion.command(help="Tách một dự thảo làm hai / split a draft in two.")
@click.argument("code")
@click.argument("first")
@click.argument("second")
@pass_runtime
def split(runtime: Runtime, /, code: str, first: str, second: str) -> None:
    with runtime.desk() as desk:
        added = intake.split(desk, code, first, second)
    runtime.say(f"{code} tách thêm {added.code}.", f"{code} was split, {added.code} added.")


@conclusion.command(help="Gộp dự thảo thứ hai vào dự thảo thứ nhất / merge the second draft into the first.")
@click.argument("code")
@click.argument("other")
@pass_runtime
def merge(runtime: Runtime, /, code: str, other: str) -> None:
    with runtime.desk() as desk:
        intake.merge(desk, code, other)
    runtime.say(f"Đã gộp {other} vào {code}.", f"{other} was merged into {code}.")


@conclusion.command(help="Bỏ một dự thảo; đoạn căn cứ vẫn giữ dấu / drop a draft, its passage stays marked.")
@click.argument("code")
@click.option("--reason", required=True, help="Lý do / reason.")
@pass_runtime
def drop(runtime: Runtime, /, code: str, reason: str) -> None:
    with runtime.desk() as desk:
        desk.move(code, "drop", Inputs(reason=reason))
    runtime.say(f"Đã bỏ {code}.", f"{code} was dropped.")


@conclusion.command(help="Trình duyệt / submit for approval.")
@click.argument("code")
@pass_runtime
def submit(runtime: Runtime, /, code: str) -> None:
    with runtime.desk() as desk:
        intake.submit(desk, code)
    runtime.say(f"Đã trình {code}. Người duyệt: dondoc conclusion approve {code}.", f"{code} was submitted.")


@conclusion.command(help="Phê duyệt và phát hành mọi dự thảo trong một lần / approve and issue all drafts.")
@click.argument("code")
@click.option("--reason", help="Vì sao phát hành dù còn thiếu / why, where something is missing.")
@click.option("--yes", is_flag=True, help="Không hỏi lại / do not ask.")
@pass_runtime
def approve(runtime: Runtime, /, code: str, reason: str | None, yes: bool) -> None:
    runtime.yes = runtime.yes or yes
    with runtime.rehearsal() as desk:
        issued = intake.approve(desk, code, reason=reason)
        mails = desk.finish()
    runtime.confirm(
        f"Phát hành {len(issued)} nhiệm vụ, gửi {mails} thư?",
        f"Issue {len(issued)} directives, send {mails} mails?",
    )
    with runtime.desk() as desk:
        issued = intake.approve(desk, code, reason=reason)
    runtime.say(f"Đã phát hành {', '.join(issued)}.", f"Issued {', '.join(issued)}.")


@conclusion.command(help="Rút kết luận chưa phát hành / withdraw before it is issued.")
@click.argument("code")
@click.option("--reason", required=True, help="Lý do / reason.")
@pass_runtime
def withdraw(runtime: Runtime, /, code: str, reason: str) -> None:
    with runtime.desk() as desk:
        intake.withdraw(desk, code, reason)
    runtime.say(f"Đã rút {code}.", f"{code} was withdrawn.")
