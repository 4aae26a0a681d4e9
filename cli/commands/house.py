"""dondoc house: the letterhead, and what runs by itself."""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from cli.output import emit, facts, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json
from config.instant import real_now
from workflow.letterheads import LAYOUTS
from workflow.register import check_is_administrator

if TYPE_CHECKING:
    from tasks.jobs_seen import JobSeen


def command() -> click.Command:
    return house


@click.group(cls=Group, help="Tiêu đề văn bản, các việc tự chạy / letterhead and jobs.")
def house() -> None:
    pass


@house.command(help="Đầu báo cáo và công văn: xem, hoặc đổi / show or change the letterhead.")
@click.option("--body", help="Tên cơ quan / name of the body.")
@click.option("--parent", help="Cơ quan cấp trên; rỗng là bỏ / body above; empty removes it.")
@click.option("--place", help="Địa danh; rỗng là bỏ / place; empty removes it.")
@click.option("--layout", type=click.Choice(LAYOUTS), help="Thể thức / layout.")
@as_json
@pass_runtime
def letterhead(
    runtime: Runtime, /, body: str | None, parent: str | None, place: str | None, layout: str | None, as_json: bool
) -> None:  # fmt: skip
    from reports import asked  # the writers of files: no other command waits for them
    from workflow import letterheads

    given = {"body": body, "parent_body": parent, "place": place, "layout": layout}
    changes: dict[str, Any] = {name: text.strip() for name, text in given.items() if text is not None}
    with runtime.reading() as db:
        check_is_administrator(runtime.actor(db), "letterhead")
        shown = asked.head(db, runtime.settings)
    if changes:
        wanted = replace(shown, **changes)
        with runtime.desk() as desk:
            shown = letterheads.write(desk, wanted, asked.of_settings(runtime.settings), real_now())
    if as_json:
        emit(asdict(shown))
        return
    text = runtime.text
    facts(
        [
            (text("Cơ quan cấp trên", "Body above"), shown.parent_body),
            (text("Tên cơ quan", "Name of the body"), shown.body),
            (text("Địa danh", "Place"), shown.place),
            (text("Thể thức", "Layout"), shown.layout),
        ]
    )


@house.command(help="Lần chạy gần nhất của từng việc và lần sau / last run of each job, and the next.")
@as_json
@pass_runtime
def jobs(runtime: Runtime, /, as_json: bool) -> None:
    from tasks import jobs_seen

    with runtime.reading() as db:
        check_is_administrator(runtime.actor(db), "jobs")
        seen = list(jobs_seen.seen(db, runtime.settings, real_now()))
    if as_json:
        emit([_plain(one) for one in seen])
        return
    vi, en = (
        ("Việc", "Chạy gần nhất", "Giây", "Kết quả", "Lần sau"),
        ("Job", "Last run", "Seconds", "Outcome", "Next"),
    )
    rows = [_row(runtime, one) for one in seen]
    table(vi if runtime.lang == "vi" else en, rows)


def _plain(one: "JobSeen") -> dict[str, object]:
    run = one.run
    return {
        "name": one.name, "title": one.title, "began_at": run and run.began_at, "seconds": run and run.seconds,
        "error": run and run.error, "done_at": run and run.done_at, "next_at": one.next_at, "is_late": one.is_late,
    }  # fmt: skip


def _row(runtime: Runtime, one: "JobSeen") -> tuple[object, ...]:
    run, text = one.run, runtime.text
    if run is None:
        return one.title[runtime.lang], text("chưa chạy", "not yet"), "", "", one.next_at
    outcome = run.error or text("xong", "done")
    return one.title[runtime.lang], run.began_at, f"{run.seconds:.2f}", outcome, one.next_at
