"""dondoc import: registers of organisations, people, supervisions and directives."""

from pathlib import Path

import click

from cli.acts import read_text
from cli.output import emit
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command
from workflow import register
from workflow.importing.headings import ColumnMap, read_mapping
from workflow.importing.load import ImportReport, import_text
from workflow.importing.sheet import SheetRefused
from workflow.importing.table import import_table

TABLES = (".xlsx", ".csv", ".tsv")


def command() -> click.Command:
    return import_file


@click.command(
    "import",
    cls=Command,
    help="Nhập danh mục .xlsx, .csv, YAML hoặc JSON; nhập lại không đổi gì / import a register.",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    help="Tệp YAML: cột nào là gì / which column is which.",
)
@click.option("--partial", is_flag=True, help="Giữ các dòng đúng dù có dòng sai / keep the good rows.")
@click.option("--announce", is_flag=True, help="Gửi thư phát hành cho nhiệm vụ nhập vào / send issue mails.")
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra / check only.")
@click.option("--json", "as_json", is_flag=True)
@pass_runtime
def import_file(
    runtime: Runtime,
    file: Path,
    mapping: Path | None,
    partial: bool,
    announce: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    with runtime.writing() as db:
        actor = runtime.actor(db)
        register.check_may_import(actor)
        if file.suffix.lower() in TABLES:
            columns = read_mapping(read_text(runtime, str(mapping)), mapping.name) if mapping else ColumnMap()
            report = import_table(
                db, _content(file), file.name, columns, actor=actor, now=runtime.now(), partial=partial
            )
        else:
            report = import_text(
                db, read_text(runtime, str(file)), file.name, actor=actor, now=runtime.now(), partial=partial,
                announce=announce,
            )  # fmt: skip
        if dry_run:
            db.rollback()
    _show(runtime, report, dry_run=dry_run, as_json=as_json)
    return 4 if report.findings else 0


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = {"vi": "không đọc được tệp.", "en": "the file cannot be read."}
        raise SheetRefused(name=file.name, why=why) from error


def _show(runtime: Runtime, report: ImportReport, *, dry_run: bool, as_json: bool) -> None:
    counts = {name: report.counts[name] for name in ("created", "changed", "unchanged", "refused")}
    if as_json:
        emit(
            {
                **counts,
                "dry_run": dry_run,
                "refusals": [finding.text(runtime.lang) for finding in report.findings],
            }
        )
        return
    done = counts["created"] + counts["changed"] + counts["unchanged"]
    total = done + counts["refused"]
    runtime.say(
        f"Nhập {done}/{total}: {counts['created']} mới, {counts['changed']} đổi, {counts['unchanged']} giữ nguyên.",
        f"Imported {done}/{total}: {counts['created']} new, {counts['changed']} changed, {counts['unchanged']} unchanged.",
    )
    for finding in report.findings:
        click.echo(finding.text(runtime.lang), err=True)
    if dry_run:
        runtime.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")
