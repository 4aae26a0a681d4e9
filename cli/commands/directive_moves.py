"""The moves of a directive as commands: the lifecycle decides, the command only carries what was said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from cli.acts import carry_out
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Command, Group, plans
from config import attachments
from workflow.desk import Desk
from workflow.inputs import Evidence, Inputs
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.possible import lifecycle_of
from workflow.store import obligations

OPTIONS: dict[str, Any] = {
    "reason": click.option("--reason", help="Lý do / reason."),
    "text": click.option("--text", help="Nội dung bằng lời / in your own words."),
    "due": click.option("--due", "due_on", type=DAY, help="Hạn mới / new due date."),
    "until": click.option("--until", "resume_on", type=DAY, help="Dự kiến tiếp tục / expected end."),
    "to": click.option("--to", "lead", metavar="AGENCY", help="Cơ quan chủ trì mới / new lead."),
    "coordinating": click.option(
        "--coordinating",
        multiple=True,
        metavar="AGENCY",
        help="Cơ quan phối hợp, lặp lại được / coordinating.",
    ),
    "evidence": click.option(
        "--evidence", "files", multiple=True, type=click.Path(path_type=Path), help="Tệp minh chứng / a file."
    ),
    "proof": click.option(
        "--proof", "proofs", multiple=True, help="Minh chứng không phải tệp, bằng lời / proof in words."
    ),
    "final": click.option(
        "--final", is_flag=True, help="Kết thúc cả nhiệm vụ định kỳ / close a periodic directive for good."
    ),
}
Choose = Callable[[Desk, Directive, bool], str]


def _move_command(name: str, choose: str | Choose, options: str, help_text: str) -> click.Command:
    """`choose` is the lifecycle's move, or decides which one from the directive's state."""

    def run(runtime: Runtime, code: str, yes: bool, dry_run: bool, **given: Any) -> None:
        final = given.pop("final", False)
        with _inputs(runtime, keep=not dry_run, **given) as inputs:

            def act(desk: Desk) -> Event:
                directive = desk.locked(code)
                move = choose if isinstance(choose, str) else choose(desk, directive, final)
                return desk.move(code, move, _completed(desk, directive, move, inputs))

            carry_out(runtime, act, yes=yes, dry_run=dry_run)

    decorated: Any = pass_runtime(run)
    for option in reversed(options.split()):
        decorated = OPTIONS[option](decorated)
    return click.command(name, cls=Command, help=help_text)(click.argument("code")(plans(decorated)))


@contextmanager
def _inputs(
    runtime: Runtime,
    *,
    keep: bool,
    files: tuple[Path, ...] = (),
    proofs: tuple[str, ...] = (),
    coordinating: tuple[str, ...] = (),
    **given: Any,
) -> Iterator[Inputs]:
    """Files are kept before the act and forgotten again when it is refused."""
    evidence = [Evidence(proof) for proof in proofs]
    kept = [_kept(runtime, file) for file in files] if keep else [Evidence(file.name) for file in files]
    try:
        yield Inputs(evidence=(*evidence, *kept), coordinating=coordinating or None, **given)
    except BaseException:
        for one in kept:
            if one.stored_as is not None:
                attachments.forget(runtime.settings.home, one.stored_as)
        raise


def _kept(runtime: Runtime, file: Path) -> Evidence:
    try:
        with file.open("rb") as content:
            return attachments.keep(runtime.settings.home, file.name, content)
    except OSError as error:
        why = error.strerror or str(error)
        raise attachments.FileRefused(name=str(file), why=f"{why}.") from error


def _completed(desk: Desk, directive: Directive, move: str, inputs: Inputs) -> Inputs:
    """A grant without a date grants what was asked for."""
    if move != "grant_extension" or inputs.due_on is not None:
        return inputs
    asked = obligations.asked_extension(desk.db, directive)
    wanted: date | None = asked.wanted_on if asked else None
    return Inputs(reason=inputs.reason, due_on=wanted)


def _return(desk: Desk, directive: Directive, _final: bool) -> str:
    """A report goes back to the agency; a dispute makes the directive come back to the desk."""
    names = {move.name for move in lifecycle_of(desk.db, directive).moves_from(directive.state)}
    return "send_back" if "send_back" in names else "return_to_issuer"


def _accept(_desk: Desk, directive: Directive, final: bool) -> str:
    return "take_note" if directive.rhythm is not None and not final else "accept"


MOVES = (
    _move_command("issue", "issue", "due", "Phát hành dự thảo / issue a draft."),
    _move_command("acknowledge", "acknowledge", "text", "Xác nhận tiếp nhận / acknowledge."),
    _move_command("progress", "progress", "text", "Báo cáo tiến độ / note progress."),
    _move_command("report", "report", "text evidence proof", "Báo cáo kết quả kèm minh chứng / report."),
    _move_command("contribute", "contribute", "text evidence proof", "Gửi phần phối hợp / contribute."),
    _move_command("dispute", "dispute", "reason", "Báo không thuộc thẩm quyền / dispute."),
    _move_command(
        "return",
        _return,
        "reason due",
        "Trả lại báo cáo, hoặc nhận lại nhiệm vụ bị từ chối / send a report back, or take a disputed one back.",
    ),
    _move_command("keep", "keep", "reason", "Giữ nguyên cơ quan chủ trì / keep the lead agency."),
    _move_command(
        "accept", _accept, "text final", "Duyệt; với nhiệm vụ định kỳ: ghi nhận kỳ này / accept a report."
    ),
    _move_command("escalate", "escalate", "reason", "Báo cáo lên cấp kế tiếp / raise by hand."),
    _move_command("reassign", "reassign", "to coordinating reason due", "Giao cơ quan khác / reassign."),
    _move_command("suspend", "suspend", "reason until", "Tạm dừng / suspend."),
    _move_command("resume", "resume", "text", "Tiếp tục / resume."),
    _move_command("withdraw", "withdraw", "reason", "Thu hồi / withdraw."),
    _move_command("close", "close_not_done", "reason", "Kết thúc khi chưa hoàn thành / close as not done."),
    _move_command("reopen", "reopen", "reason due", "Mở lại với hạn mới / reopen with a new due date."),
)


@click.group(cls=Group, help="Đề nghị, đồng ý, từ chối gia hạn / extensions.")
def extend() -> None:
    pass


for each in (
    _move_command("request", "request_extension", "due reason", "Đề nghị gia hạn / ask for an extension."),
    _move_command(
        "grant", "grant_extension", "due reason", "Đồng ý; không nêu ngày thì theo đề nghị / grant."
    ),
    _move_command("refuse", "refuse_extension", "reason", "Không gia hạn / refuse."),
):
    extend.add_command(each)
