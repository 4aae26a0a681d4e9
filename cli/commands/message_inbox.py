"""dondoc message receive, inbox, match, discard, bounces: the mail that comes in."""

import os
import sys
from typing import Any

import click
import structlog

from cli.output import emit, remark, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json
from notifications import matching
from notifications.mailroom import receiver
from notifications.replies import LARGEST_MAIL
from workflow import inbox as sorting
from workflow.inbound_words import OUTCOMES, reason_text
from workflow.models.inbound import InboundOutcome
from workflow.store import inbound
from workflow.store.inbound import Returning, Row

TRY_AGAIN = 75
log = structlog.get_logger(__name__)


@click.command(
    cls=Command, help="Nhận một thư từ đầu vào chuẩn, cho máy chủ thư gọi / take in one mail from stdin."
)
@click.option("--sender", help="Người gửi trên phong bì, mặc định $SENDER / envelope sender.")
@click.option(
    "--recipient", help="Người nhận trên phong bì, mặc định $ORIGINAL_RECIPIENT / envelope recipient."
)
@as_json
@pass_runtime
def receive(runtime: Runtime, sender: str | None, recipient: str | None, as_json: bool) -> None:
    """75 tells the mail server to keep the mail and come again; anything else would lose or bounce it."""
    data = _whole_input()
    try:
        with receiver(runtime.settings, runtime.engine) as room:
            taken = room.receive(
                data, runtime.now(),
                sender=sender if sender is not None else os.environ.get("SENDER"),
                recipient=recipient or os.environ.get("ORIGINAL_RECIPIENT"),
            )  # fmt: skip
    except Exception as fault:
        log.warning("mail_not_taken", error=str(fault))
        click.echo(
            runtime.text(f"Chưa nhận được, thử lại sau: {fault}", f"Not taken, try again: {fault}"), err=True
        )
        click.get_current_context().exit(TRY_AGAIN)
    if as_json:
        emit({"outcome": taken.outcome, "reason": taken.reason, "id": taken.id})
        return
    why = reason_text(taken.reason, runtime.lang)
    known = {one.value: words for one, words in OUTCOMES.items()}
    said = known.get(taken.outcome, {"vi": "thư này đã nhận trước đó", "en": "received before"})[runtime.lang]
    click.echo(f"{said}. {why}".strip())


def _whole_input() -> bytes:
    """Up to twice what is read at all; the rest is let run out, so that whoever writes is not cut off."""
    data = sys.stdin.buffer.read(2 * LARGEST_MAIL)
    while sys.stdin.buffer.read(1 << 20):
        continue
    return data


@click.command(cls=Command, help="Thư đến chờ ghép; --all: mọi thư đã nhận / received mail that waits.")
@click.option("--all", "everything", is_flag=True, help="Mọi thư, mới nhất trước / every mail, newest first.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, help="Số dòng / rows.")
@as_json
@pass_runtime
def inbox(runtime: Runtime, everything: bool, limit: int, as_json: bool) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        wanted = () if everything else (InboundOutcome.HELD,)
        rows = inbound.page(db, actor, wanted, limit=limit, newest=everything)
        counts = inbound.counts(db, actor)
        does = {row.mail.id: matching.does(db, row.mail, row.directive) for row in rows}
    if as_json:
        told = {one.value: number for one, number in counts.items()}
        emit({"mails": [document(row, does[row.mail.id]) for row in rows], "counts": told})
        return
    headers = {
        "vi": ("Số", "Nhận lúc", "Người gửi", "Tiêu đề", "Nhiệm vụ", "Tình trạng", "Vì sao"),
        "en": ("Id", "Received", "From", "Subject", "Directive", "State", "Why"),
    }[runtime.lang]
    table(headers, [_cells(runtime, row) for row in rows])
    waits = counts.get(InboundOutcome.HELD, 0)
    if waits:
        remark(runtime.text(f"{waits} thư chờ ghép.", f"{waits} mails wait to be matched."))
    else:
        remark(runtime.text("Không có thư nào chờ ghép.", "No mail waits to be matched."))


def _cells(runtime: Runtime, row: Row) -> tuple[object, ...]:
    mail = row.mail
    at = f"{mail.received_at.astimezone(runtime.settings.timezone):%d/%m/%Y %H:%M}"
    code = row.directive.code if row.directive else None
    likely = f"{code}?" if code and mail.organization_id is None else code
    state, why = OUTCOMES[mail.outcome][runtime.lang], mail.decision or reason_text(mail.reason, runtime.lang)
    return mail.id, at, mail.sender, mail.subject, likely, state, why


def document(row: Row, does: bool) -> dict[str, Any]:
    """`acts`: matching it to this directive makes the move it asks for; else it is only filed."""
    mail = row.mail
    names = (
        "id", "received_at", "sender", "sender_name", "subject", "outcome", "reason", "intent", "extension_on",
        "words", "size", "decided_by", "decided_at", "decision",
    )  # fmt: skip
    return {name: getattr(mail, name) for name in names} | {
        "directive": row.directive.code if row.directive else None,
        "is_proven": mail.organization_id is not None,
        "person": row.person,
        "files": mail.facts.get("files", []),
        "acts": does,
    }


@click.command(cls=Command, help="Ghép thư vào một nhiệm vụ / place a held mail.")
@click.argument("number", metavar="ID", type=int)
@click.argument("code", metavar="CODE")
@click.option(
    "--only-file", is_flag=True, help="Chỉ lưu hồ sơ, không đổi tình trạng / file it, change nothing."
)
@pass_runtime
def match(runtime: Runtime, number: int, code: str, only_file: bool) -> None:
    with runtime.desk() as desk:
        event = matching.match(desk, runtime.settings.home, number, code, only_file=only_file)
    if event.act == "mail.filed":
        runtime.say(f"Đã lưu thư {number} vào hồ sơ {code}.", f"Mail {number} is filed with {code}.")
    else:
        runtime.say(
            f"Đã ghép thư {number} vào {code}: {event.act}.",
            f"Mail {number} is matched to {code}: {event.act}.",
        )


@click.command(cls=Command, help="Bỏ một thư đang chờ, có lý do / put a held mail away.")
@click.argument("number", metavar="ID", type=int)
@click.option("--reason", required=True, help="Lý do / reason.")
@pass_runtime
def discard(runtime: Runtime, number: int, reason: str) -> None:
    with runtime.desk() as desk:
        sorting.discard(desk, number, reason)
    runtime.say(f"Đã bỏ thư {number}.", f"Mail {number} is put away.")


@click.command(cls=Command, help="Địa chỉ trả lại thư, và thư có thể gửi lại / addresses that return mail.")
@as_json
@pass_runtime
def bounces(runtime: Runtime, as_json: bool) -> None:
    with runtime.reading() as db:
        found = inbound.returning(db, runtime.actor(db))
    if as_json:
        emit({"addresses": [returned(one) for one in found]})
        return
    headers = {
        "vi": (
            "Địa chỉ",
            "Người",
            "Cơ quan",
            "Không nhận",
            "Lỗi tạm",
            "Chậm",
            "Còn gửi",
            "Thư gửi lại được",
            "Máy chủ nói",
        ),
        "en": (
            "Address",
            "Person",
            "Bodies",
            "Hard",
            "Soft",
            "Delayed",
            "Open",
            "To resend",
            "The server said",
        ),
    }[runtime.lang]
    yes = {True: runtime.text("có", "yes"), False: runtime.text("không", "no")}
    rows = [
        (
            one.address, one.person.name, ", ".join(one.bodies), one.hard, one.soft, one.delayed,
            yes[not one.is_dead], ", ".join(map(str, one.resendable)), one.text,
        )
        for one in found
    ]  # fmt: skip
    table(headers, rows)
    if found:
        remark("dondoc agency contact edit EMAIL --email …; dondoc message resend ID")
    else:
        remark(runtime.text("Không có thư bị trả lại.", "No mail came back."))


def returned(one: Returning) -> dict[str, Any]:
    return {
        "address": one.address, "person": one.person.name, "email": one.person.email, "bodies": one.bodies,
        "hard": one.hard, "soft": one.soft, "delayed": one.delayed, "is_dead": one.is_dead,
        "is_corrected": one.is_corrected, "last_at": one.last_at, "text": one.text, "resendable": one.resendable,
    }  # fmt: skip


COMMANDS = (receive, inbox, match, discard, bounces)
