"""dondoc supervision: what a delegation supervises, and how its directives stand."""

from datetime import date
from typing import Any

import click

from cli.output import emit, facts, table
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Group, as_json
from workflow import register, standing
from workflow.store import supervisions
from workflow.store.supervisions import Row


def command() -> click.Command:
    return supervision


@click.group(cls=Group, help="Cuộc giám sát / supervisions.")
def supervision() -> None:
    pass


@supervision.command("list", help="Danh sách, với số nhiệm vụ / list, with their directives.")
@as_json
@pass_runtime
def list_supervisions(runtime: Runtime, as_json: bool) -> None:
    with runtime.reading() as db:
        rows = supervisions.all_rows(db, runtime.actor(db), standing.as_of(db, runtime.today(db)))
    if as_json:
        emit([_document(row) for row in rows])
        return
    headers = {
        "vi": ("Mã", "Nội dung", "Đoàn", "Buổi làm việc", "Nhiệm vụ", "Đang mở", "Quá hạn"),
        "en": ("Code", "Subject", "Delegation", "Session", "Directives", "Open", "Overdue"),
    }[runtime.lang]
    cells = [
        (
            row.supervision.code, row.supervision.subject, row.delegation, row.supervision.session_on,
            row.directives, row.open, row.overdue,
        )
        for row in rows
    ]  # fmt: skip
    table(headers, cells)


def _document(row: Row) -> dict[str, Any]:
    one = row.supervision
    return {
        "code": one.code, "subject": one.subject, "delegation": row.delegation, "session_on": one.session_on,
        "directives": row.directives, "open": row.open, "overdue": row.overdue,
    }  # fmt: skip


@supervision.command(help="Một cuộc giám sát / one supervision.")
@click.argument("code")
@as_json
@pass_runtime
def show(runtime: Runtime, code: str, as_json: bool) -> None:
    with runtime.reading() as db:
        as_of = standing.as_of(db, runtime.today(db))
        row = supervisions.get(db, runtime.actor(db), as_of, code)
    if as_json:
        emit(_document(row))
        return
    text, one = runtime.text, row.supervision
    facts(
        [
            (text("Mã", "Code"), one.code),
            (text("Nội dung", "Subject"), one.subject),
            (text("Đoàn", "Delegation"), row.delegation),
            (text("Buổi làm việc", "Session"), one.session_on),
            (text("Nhiệm vụ", "Directives"), row.directives),
            (text("Đang mở", "Open"), row.open),
            (text("Quá hạn", "Overdue"), row.overdue),
        ]
    )


@supervision.command(help="Mở một cuộc giám sát / add a supervision.")
@click.argument("code")
@click.option("--delegation", required=True, metavar="CODE", help="Đoàn giám sát / delegation.")
@click.option("--subject", required=True, help="Nội dung / subject.")
@click.option("--session", "session_on", type=DAY, help="Ngày làm việc / day of the session.")
@pass_runtime
def add(runtime: Runtime, code: str, delegation: str, subject: str, session_on: date | None) -> None:
    with runtime.desk() as desk:
        register.add_supervision(desk, code, delegation, subject, session_on)
    runtime.say(f"Đã mở {code}.", f"{code} added.")
