"""dondoc directive add, edit: drafts, before anybody owes anything."""

from datetime import date
from typing import Any

import click

from cli.acts import read_text
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Command
from workflow.corrections import Correction, correct_draft
from workflow.drafts import Draft, draft_directive
from workflow.models.policy_choice import Urgency

FIELDS = (
    click.option("--title", help="Tên ngắn / short title."),
    click.option("--lead", metavar="AGENCY", help="Cơ quan chủ trì / lead agency."),
    click.option(
        "--coordinating",
        multiple=True,
        metavar="AGENCY",
        help="Cơ quan phối hợp, lặp lại được / coordinating.",
    ),
    click.option("--due", "due_on", type=DAY, help="Hạn / due date."),
    click.option("--rhythm", metavar="RRULE", help="Kỳ báo cáo, ví dụ FREQ=MONTHLY;BYMONTHDAY=25 / rhythm."),
    click.option("--product", help="Sản phẩm phải có / product expected."),
    click.option(
        "--urgency",
        type=click.Choice([one.value for one in Urgency]),
        help="Mức độ khẩn / degree of urgency.",
    ),
)


def _fields(function: Any) -> Any:
    for option in reversed(FIELDS):
        function = option(function)
    return function


@click.command(cls=Command, help="Soạn một nhiệm vụ; chưa ai bị nhắc cho đến khi phát hành / draft one.")
@click.argument("code")
@click.option("--supervision", required=True, metavar="CODE", help="Cuộc giám sát / supervision.")
@click.option("--text", help="Nội dung / what is to be done.")
@click.option(
    "--file", "path", metavar="FILE", help="Nội dung lấy từ tệp, - là đầu vào chuẩn / text from a file."
)
@_fields
@click.option("--secret", is_flag=True, help="Mật: thư không nêu nội dung / mails carry no content.")
@pass_runtime
def add(
    runtime: Runtime,
    /,
    code: str,
    supervision: str,
    text: str | None,
    path: str | None,
    secret: bool,
    coordinating: tuple[str, ...],
    **given: Any,
) -> None:
    said = (text or (read_text(runtime, path) if path else "")).strip()
    if not said:
        raise click.UsageError(runtime.text("Thêm --text hoặc --file.", "Give --text or --file."))
    draft = Draft(
        code=code, supervision=supervision, text=said, coordinating=coordinating, is_secret=secret, **given
    )
    with runtime.desk() as desk:
        draft_directive(desk, draft)
    runtime.say(
        f"{code}: đã soạn. Tiếp theo: dondoc directive issue {code}.",
        f"{code}: drafted. Next: dondoc directive issue {code}.",
    )


@click.command(cls=Command, help="Sửa dự thảo; đã phát hành thì không sửa được / correct a draft.")
@click.argument("code")
@click.option("--text", help="Nội dung / what is to be done.")
@_fields
@click.option(
    "--version", type=int, help="Từ chối nếu bản đang có khác bản này / refuse unless this version."
)
@pass_runtime
def edit(
    runtime: Runtime,
    /,
    code: str,
    coordinating: tuple[str, ...],
    due_on: date | None,
    version: int | None,
    **given: Any,
) -> None:
    correction = Correction(coordinating=coordinating or None, due_on=due_on, **given)
    with runtime.desk() as desk:
        event = correct_draft(desk, code, correction, version=version)
    runtime.say(f"{code}: đã sửa. {event.reason}", f"{code}: corrected. {event.reason}")
