"""dondoc directive letter: drafts for a person to sign, and the signed copy kept."""

from datetime import date
from io import BytesIO
from pathlib import Path

import click

from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Command
from config import attachments
from reports.request import Profile
from workflow import letters as acts
from workflow.letters import LetterKind

KINDS = click.Choice([one.value for one in LetterKind])
HELP = (
    "Dự thảo văn bản .docx từ cấp 2: urge, explain, criticise, extension, transfer; không tự gửi / "
    "draft a letter; nothing is sent."
)


@click.command("letter", cls=Command, help=HELP)
@click.argument("code")
@click.argument("kind", type=KINDS)
@click.option("--profile", type=click.Choice([one.value for one in Profile]), help="Thể thức / layout.")
@click.option("--out", type=click.Path(path_type=Path), help="Ghi vào tệp / write here.")
@pass_runtime
def draft_letter(runtime: Runtime, code: str, kind: str, profile: str | None, out: Path | None) -> None:
    from reports import asked, letters  # the writers of .docx and .xlsx: no other command waits for them

    with runtime.desk() as desk:
        office = asked.office(desk.db, runtime.settings, profile)
        acts.draft(desk, code, LetterKind(kind))
        made = letters.letter(desk.db, desk.actor, code, LetterKind(kind), office, desk.today)
    target = out or Path(made.name)
    target.write_bytes(made.content)
    runtime.say(
        f"Đã ghi {target}. Số, ngày và chữ ký do cơ quan điền; hệ thống không gửi văn bản này.",
        f"{target} written. Number, day and signature are the office's; nothing was sent.",
    )


@click.command("letter-signed", cls=Command, help="Lưu bản đã ký vào nhiệm vụ / keep the signed copy.")
@click.argument("code")
@click.argument("kind", type=KINDS)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--number", required=True, help="Số văn bản / number.")
@click.option("--signed-on", type=DAY, required=True, help="Ngày ký / day of signature.")
@pass_runtime
def keep_signed(runtime: Runtime, code: str, kind: str, file: Path, number: str, signed_on: date) -> None:
    home = runtime.settings.home
    scan = attachments.keep(home, file.name, BytesIO(file.read_bytes()))
    try:
        with runtime.desk() as desk:
            acts.attach_signed(desk, code, LetterKind(kind), number, signed_on, scan)
    except BaseException:
        attachments.forget(home, scan.stored_as or "")
        raise
    runtime.say(f"{code}: đã lưu bản ký số {number}.", f"{code}: signed copy {number} kept.")
