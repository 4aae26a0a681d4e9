"""dondoc report: the weekly summary, agencies, supervisions and the register, as files."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json
from reports import asked, frames
from reports.bundle import bundle as bundle_of
from reports.document import Orientation
from reports.making import MadeFile, make
from reports.request import Format, Profile, ReportKind
from workflow import report_schedules
from workflow.figures import bodies
from workflow.figures.cells import Basis

FORMATS = click.Choice([one.value for one in Format])
PROFILES = click.Choice([one.value for one in Profile])
OPTIONS: tuple[Callable[..., Any], ...] = (
    click.option("--format", "form", type=FORMATS, default="docx", help="Dạng tệp / file format."),
    click.option("--profile", type=PROFILES, help="Thể thức Đảng hoặc Nhà nước / layout."),
    click.option("--as-of", help="Số liệu đến hết ngày / figures up to the evening of this day."),
    click.option("--since", help="Đầu kỳ: bỏ việc đã kết thúc trước ngày này / first day of the period."),
    click.option("--basis", type=click.Choice([one.value for one in Basis]), help="Hạn điều chỉnh hoặc hạn gốc / which date."),
    click.option("--agency", help="Mã cơ quan chủ trì / lead agency."),
    click.option("--supervision", help="Mã cuộc giám sát / supervision."),
    click.option("--programme", help="Chương trình / programme."),
    click.option("--urgency", help="Độ khẩn / urgency."),
    click.option("--month", help="Tháng giao, dạng 2026-03 / month of issue."),
    click.option("--out", type=click.Path(path_type=Path), help="Ghi vào tệp; - là đầu ra chuẩn / write here."),
)  # fmt: skip


def command() -> click.Command:
    return report


@click.group(cls=Group, help="Báo cáo: số liệu cộng khớp, mỗi số dẫn về danh sách / reports that add up.")
def report() -> None:
    pass


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(OPTIONS):
        function = option(function)
    return function


@report.command(help="Tổng hợp tuần: năm số liệu, thay đổi, việc chờ / the week.")
@_options
@pass_runtime
def weekly(runtime: Runtime, /, **given: Any) -> None:
    _made(runtime, ReportKind.WEEKLY, given)


@report.command(help="Theo cơ quan chủ trì, cả hai cách tính hạn / by lead agency, both dates.")
@_options
@pass_runtime
def agency(runtime: Runtime, /, **given: Any) -> None:
    _made(runtime, ReportKind.AGENCY, given)


@report.command(help="Theo cuộc giám sát, chương trình, độ khẩn, tháng giao / by supervision and more.")
@_options
@pass_runtime
def supervision(runtime: Runtime, /, **given: Any) -> None:
    _made(runtime, ReportKind.SUPERVISION, given)


@report.command(help="Danh mục nhiệm vụ với mọi cột của phụ lục; cả jsonl và ics / the register.")
@_options
@pass_runtime
def register(runtime: Runtime, /, **given: Any) -> None:
    _made(runtime, ReportKind.REGISTER, given)


def _made(runtime: Runtime, kind: ReportKind, given: dict[str, Any]) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        wanted = asked.wanted(kind, given.get, runtime.today(db), runtime.lang)
        office = asked.office(
            db, runtime.settings, given["profile"], bodies.body_of(db, actor, wanted.scope.supervision)
        )
        made = make(db, actor, wanted, asked.format_(given["form"]), office, runtime.now())
    _written(runtime, made, given["out"])


def _written(runtime: Runtime, made: MadeFile, out: Path | None) -> None:
    if str(out) == "-":
        sys.stdout.buffer.write(made.content)
        sys.stdout.flush()
        return
    target = out or Path(made.name)
    target.write_bytes(made.content)
    runtime.say(f"Đã ghi {target}.", f"{target} written.")


@report.command(help="Đặt lịch: lập và gửi báo cáo theo nhịp / make and mail it by itself.")
@click.argument("kind", type=click.Choice([one.value for one in ReportKind]))
@click.option("--rhythm", required=True, help="Ví dụ FREQ=WEEKLY;BYDAY=MO hoặc FREQ=MONTHLY;BYMONTHDAY=25.")
@click.option(
    "--to", "to", multiple=True, required=True, metavar="EMAIL", help="Người nhận, lặp lại được / to."
)
@click.option("--format", "form", type=FORMATS, default="docx", help="Dạng tệp / file format.")
@click.option("--profile", type=PROFILES, help="Thể thức / layout.")
@click.option("--agency", help="Mã cơ quan chủ trì / lead agency.")
@click.option("--supervision", help="Mã cuộc giám sát / supervision.")
@pass_runtime
def schedule(
    runtime: Runtime, kind: str, rhythm: str, to: tuple[str, ...], form: str, profile: str | None,
    agency: str | None, supervision: str | None,
) -> None:  # fmt: skip
    narrowed = {name: key for name, key in (("agency", agency), ("supervision", supervision)) if key}
    asked.wanted(ReportKind(kind), narrowed.get, date.max, runtime.lang).check(Format(form))
    with runtime.desk() as desk:
        made = report_schedules.add(desk, kind, form, rhythm, list(to), profile=profile, scope=narrowed)
        number, first = made.id, made.next_on
    runtime.say(f"Lịch {number}: lần đầu {first:%d/%m/%Y}.", f"Schedule {number}: first on {first:%d/%m/%Y}.")


@report.command(help="Các lịch đang chạy / running schedules.")
@as_json
@pass_runtime
def schedules(runtime: Runtime, as_json: bool) -> None:
    with runtime.reading() as db:
        report_schedules.check_may_schedule(runtime.actor(db))
        rows = [
            (one.schedule.id, one.schedule.kind, one.schedule.format, one.schedule.rhythm, one.schedule.next_on,
             ", ".join(person.email for person in one.recipients))
            for one in report_schedules.running(db)
        ]  # fmt: skip
    names = ("id", "kind", "format", "rhythm", "next_on", "to")
    if as_json:
        emit([dict(zip(names, row, strict=True)) for row in rows])
        return
    headers = {
        "vi": ("Số", "Báo cáo", "Dạng", "Nhịp", "Lần tới", "Người nhận"),
        "en": ("No.", "Report", "Format", "Rhythm", "Next", "To"),
    }[runtime.lang]
    table(headers, rows)


@report.command(help="Thôi một lịch / end a schedule.")
@click.argument("number", type=int)
@pass_runtime
def unschedule(runtime: Runtime, number: int) -> None:
    with runtime.desk() as desk:
        report_schedules.end(desk, number)
    runtime.say(f"Đã thôi lịch {number}.", f"Schedule {number} ended.")


@report.command(help="Bộ hồ sơ kiểm tra một cuộc giám sát, kiểm chứng được ngoại tuyến / inspection bundle.")
@click.argument("supervision_code", metavar="SUPERVISION")
@click.option("--out", type=click.Path(path_type=Path), help="Ghi vào tệp .zip / write here.")
@pass_runtime
def bundle(runtime: Runtime, supervision_code: str, out: Path | None) -> None:
    with runtime.reading() as db:
        content = bundle_of(db, runtime.actor(db), supervision_code, runtime.now())
    target = out or Path(f"{Path(supervision_code).name}.zip")
    target.write_bytes(content)
    runtime.say(
        f"Đã ghi {target}. Kiểm chứng: python3 verify.py {target} (verify.py nằm trong tệp).",
        f"{target} written. Check it: python3 verify.py {target} (verify.py is inside).",
    )


@report.command(help="Ghi các mẫu Word mặc định để cơ quan sửa / write the default templates.")
@click.option("--profile", type=PROFILES, default="dang", help="Thể thức / layout.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Thư mục / folder.")
@pass_runtime
def templates(runtime: Runtime, profile: str, out: Path | None) -> None:
    layout = Profile(profile)
    folder = out or runtime.settings.home / frames.FOLDER / profile
    folder.mkdir(parents=True, exist_ok=True)
    for orientation in Orientation:
        (folder / f"report-{orientation.value}.docx").write_bytes(frames.report_frame(layout, orientation))
    (folder / "letter.docx").write_bytes(frames.letter_frame(layout))
    runtime.say(
        f"Đã ghi 3 mẫu vào {folder}. Sửa trong Word rồi đặt tại {runtime.settings.home / frames.FOLDER / profile}.",
        f"3 templates written to {folder}. Edited ones belong in {runtime.settings.home / frames.FOLDER / profile}.",
    )
