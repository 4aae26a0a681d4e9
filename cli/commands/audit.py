"""dondoc audit: is the journal whole, and what does it say."""

from pathlib import Path
from typing import Any

import click

from cli.output import emit, emit_line, facts
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Group, as_json
from config.instant import real_now
from workflow import audit as journal
from workflow.audit import FIELDS
from workflow.store import events


def command() -> click.Command:
    return audit


@click.group(cls=Group, help="Nhật ký và chuỗi niêm phong / the journal and its seal.")
def audit() -> None:
    pass


@audit.command(help="Tính lại cả chuỗi; mã thoát 1 nếu có chỗ bị sửa, xóa, đổi / verify the chain.")
@click.option(
    "--anchors",
    type=click.Path(path_type=Path),
    help="Tệp dấu neo; mặc định anchors.log / anchors kept elsewhere.",
)
@as_json
@pass_runtime
def verify(runtime: Runtime, anchors: Path | None, as_json: bool) -> int:
    noted = _anchors(runtime, anchors)
    with runtime.reading() as db:
        events.check_sees_all(runtime.actor(db))
        verdict = journal.verify(db, noted)
    if as_json:
        emit(
            {
                "intact": verdict.intact, "events": verdict.events, "unsealed": verdict.unsealed,
                "head": verdict.head, "anchors": len(noted), "broken": list(verdict.broken),
            }
        )  # fmt: skip
        return 0 if verdict.intact else 1
    text = runtime.text
    facts(
        [
            (text("Sự kiện", "Events"), verdict.events),
            (text("Chưa niêm phong", "Not sealed yet"), verdict.unsealed),
            (text("Đầu chuỗi", "Head"), verdict.head),
            (text("Dấu neo đã so", "Anchors compared"), len(noted)),
        ]
    )
    for fault in verdict.broken:
        click.echo(fault[runtime.lang], err=True)
    if verdict.intact:
        runtime.say("Nhật ký nguyên vẹn.", "The journal is intact.")
    return 0 if verdict.intact else 1


def _anchors(runtime: Runtime, given: Path | None) -> dict[int, str]:
    """Lines of "event id, hash". The default file may be missing; one that was named may not."""
    path = given or runtime.settings.home / "anchors.log"
    if given is None and not path.exists():
        return {}
    try:
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        return {int(event_id): head for event_id, head in lines}
    except (OSError, ValueError) as error:
        raise click.UsageError(
            runtime.text(f"Không đọc được dấu neo {path}: {error}", f"Cannot read anchors {path}: {error}")
        ) from None


@audit.command(help="Xuất nhật ký, mỗi dòng một JSON / the journal as JSON lines.")
@click.option("--since", type=DAY, help="Từ ngày này / from this day on.")
@pass_runtime
def export(runtime: Runtime, since: Any) -> None:
    with runtime.reading() as db:
        for event in events.all_since(db, runtime.actor(db), since):
            emit_line({name: getattr(event, name) for name in FIELDS})


@audit.command(help="Niêm phong ngay phần chưa niêm phong / seal what is not sealed yet.")
@pass_runtime
def seal(runtime: Runtime) -> None:
    """The anchor is noted beside the database, as the nightly job does."""
    sealed, more = 0, True
    while more:
        with runtime.writing() as db:
            events.check_sees_all(runtime.actor(db))
            link = journal.seal(db, real_now())
        more = link is not None and link.count == journal.BATCH
        if link is not None:
            sealed += link.count
            with (runtime.settings.home / "anchors.log").open("a", encoding="ascii") as anchors:
                anchors.write(f"{link.last_event_id} {link.hash}\n")
    runtime.say(f"Đã niêm phong {sealed} sự kiện.", f"{sealed} events sealed.")
