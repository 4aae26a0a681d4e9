"""dondoc message template: the words of mails, edited, proved, put in force, taken back."""

from typing import Any

import click

from cli.acts import read_text
from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json, plans
from notifications import editing, wording
from notifications.editing import TemplateInvalid
from workflow import mail_templates
from workflow.models.mail_template import MailTemplate

NAME = "--as"


@click.group(cls=Group, help="Mẫu thư: xem, sửa, kiểm tra, ban hành, khôi phục / the words of mails.")
def template() -> None:
    pass


@template.command("list", help="Mọi mẫu; mẫu nào đã sửa, bản nào / every template, and which are edited.")
@click.option("--edited", is_flag=True, help="Chỉ mẫu đã sửa / edited ones only.")
@as_json
@pass_runtime
def list_templates(runtime: Runtime, edited: bool, as_json: bool) -> None:
    with runtime.reading() as db:
        active = mail_templates.active(db)
    names = [path for path in wording.paths() if path in active or not edited]
    if as_json:
        emit([_document(path, active.get(path)) for path in names])
        return
    headers = {
        "vi": ("Mẫu", "Bản", "Ban hành", "Người sửa"),
        "en": ("Template", "Version", "Published", "By"),
    }[runtime.lang]
    shipped = runtime.text("gốc", "shipped")
    rows = [
        (path, row.number, row.published_at, row.actor)
        if (row := active.get(path))
        else (path, shipped, "", "")
        for path in names
    ]
    table(headers, rows)


def _document(path: str, row: MailTemplate | None) -> dict[str, Any]:
    if row is None:
        return {"path": path, "version": None, "published_at": None, "by": None}
    return {"path": path, "version": row.number, "published_at": row.published_at, "by": row.actor}


@template.command(help="Nội dung đang dùng, hoặc một bản, hoặc chỗ khác bản gốc / the text in force.")
@click.argument("path", metavar="MẪU")
@click.option("--version", "number", type=int, help="Số bản; 0 là bản gốc / version; 0 is the shipped one.")
@click.option("--diff", is_flag=True, help="Chỗ khác bản gốc / what differs from the shipped text.")
@as_json
@pass_runtime
def show(runtime: Runtime, path: str, number: int | None, diff: bool, as_json: bool) -> None:
    name = editing.known(path)
    with runtime.reading() as db:
        rows = list(mail_templates.versions(db, name))
    source = _source(name, rows, number)
    difference = editing.difference(name, source)
    if as_json:
        versions = [_document(name, row) | {"active": row.is_active} for row in rows]
        emit({"path": name, "source": source, "differs": difference, "versions": versions})
    elif diff:
        click.echo(difference or runtime.text("Không khác bản gốc.", "No difference from the shipped text."))
    else:
        click.echo(source, nl=not source.endswith("\n"))


def _source(name: str, rows: list[MailTemplate], number: int | None) -> str:
    """The version asked for, else the one in force; the shipped text where there is none."""
    wanted = [row for row in rows if (row.is_active if number is None else row.number == number)]
    if number and not wanted:
        raise editing.NoSuchTemplate(path=f"{name} {number}")
    return wanted[0].source if wanted else wording.shipped_source(name)


@template.command(help="Kiểm tra một tệp; không tệp: mọi mẫu đang dùng / prove a file, or all in force.")
@click.argument("file", required=False)
@click.option(NAME, "path", metavar="MẪU", help="Tệp này thay cho mẫu nào / which template the file is for.")
@as_json
@pass_runtime
def check(runtime: Runtime, file: str | None, path: str | None, as_json: bool) -> int:
    with runtime.reading() as db:
        active = editing.sources(mail_templates.active(db))
    texts = active if file is None else {editing.known(path or file): read_text(runtime, file)}
    wrong = [refusal for name, source in texts.items() if (refusal := _refused(active, name, source))]
    if as_json:
        findings = [_finding(runtime, one) for refusal in wrong for one in refusal.findings]
        emit({"valid": not wrong, "findings": findings})
    elif wrong:
        raise wrong[0]
    else:
        runtime.say(f"{len(texts)} mẫu, không có lỗi.", f"{len(texts)} templates, no faults.")
    return TemplateInvalid.exit_code if wrong else 0


def _refused(active: dict[str, str], name: str, source: str) -> TemplateInvalid | None:
    try:
        editing.check(active, name, source)
    except TemplateInvalid as refusal:
        return refusal
    return None


def _finding(runtime: Runtime, one: Any) -> dict[str, Any]:
    return {"path": one.field, "line": one.line, "sample": one.value, "reason": one.reason[runtime.lang]}


@template.command(help="Ban hành tệp: thư sau theo bản này / from the next mail on.")
@click.argument("file")
@click.option(NAME, "path", metavar="MẪU", help="Tệp này thay cho mẫu nào / which template the file is for.")
@plans
@pass_runtime
def publish(runtime: Runtime, file: str, path: str | None, yes: bool, dry_run: bool) -> None:
    runtime.yes = runtime.yes or yes
    name, source = editing.known(path or file), read_text(runtime, file)
    with runtime.rehearsal() as desk:
        editing.publish(desk, name, source)
    click.echo(editing.difference(name, source))
    if dry_run:
        runtime.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")
        return
    runtime.confirm(f"Ban hành mẫu {name}?", f"Publish {name}?")
    with runtime.desk() as desk:
        row = editing.publish(desk, name, source)
    runtime.say(f"Đã ban hành {name} bản {row.number}.", f"{name} version {row.number} is in force.")


@template.command(help="Trở lại bản gốc, hoặc bản cũ / back to the shipped text, or to a version.")
@click.argument("path", metavar="MẪU")
@click.option("--to", "number", type=int, help="Số bản / version.")
@plans
@pass_runtime
def revert(runtime: Runtime, path: str, number: int | None, yes: bool, dry_run: bool) -> None:
    runtime.yes = runtime.yes or yes
    name = editing.known(path)
    with runtime.rehearsal() as desk:
        editing.revert(desk, name, number)
    if dry_run:
        runtime.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")
        return
    runtime.confirm(f"Khôi phục mẫu {name}?", f"Take back the edits of {name}?")
    with runtime.desk() as desk:
        row = editing.revert(desk, name, number)
    if row is None:
        runtime.say(f"{name}: dùng bản gốc.", f"{name}: the shipped text.")
    else:
        runtime.say(f"{name}: dùng bản {row.number}.", f"{name}: version {row.number}.")
