"""dondoc message: what waits, what went, what came of it; and how a mail reads before it goes."""

from email import policy as email_policy
from email.parser import BytesParser
from typing import Any

import click

from cli.commands.message_channel import channel
from cli.commands.message_inbox import COMMANDS
from cli.commands.message_preview import preview, test
from cli.commands.message_template import template
from cli.output import emit, facts, remark, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json, plans
from workflow import resend as resending
from workflow.ladder import Position
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import NoticeStatus
from workflow.store import messages, tellings
from workflow.store.messages import Row
from workflow.store.tellings import Telling
from workflow.words import MESSAGES, NOTICES, POSITIONS


def command() -> click.Command:
    return message


@click.group(cls=Group, help="Thư đi: xem, xem trước, gửi thử, gửi lại / mails.")
def message() -> None:
    pass


message.add_command(preview)
message.add_command(test)
for one in COMMANDS:
    message.add_command(one)
message.add_command(template)
message.add_command(channel)


@message.command(help="Hộp thư đi theo tình trạng, mới nhất trước / the outbox.")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice([one.value for one in MessageStatus]),
    help="Tình trạng, lặp lại được / status.",
)  # fmt: skip
@click.option("--limit", type=int, default=50, help="Số dòng mỗi trang / rows a page.")
@click.option("--after", metavar="CURSOR", help="Trang sau / next page.")
@as_json
@pass_runtime
def outbox(runtime: Runtime, statuses: tuple[str, ...], limit: int, after: str | None, as_json: bool) -> None:
    wanted = [MessageStatus(status) for status in statuses]
    with runtime.reading() as db:
        actor = runtime.actor(db)
        page = messages.page(db, actor, statuses=wanted, limit=limit, after=after)
        counts = messages.counts(db, actor)
    if as_json:
        emit(
            {
                "messages": [_document(row) for row in page.rows],
                "counts": {status.value: number for status, number in counts.items()},
                "after": page.after,
            }
        )
        return
    headers = {
        "vi": ("Số", "Đêm", "Thư", "Gửi tới", "Tình trạng", "Lần gửi", "Trả lời của máy chủ"),
        "en": ("Id", "Night", "Mail", "To", "Status", "Attempts", "Response"),
    }[runtime.lang]
    table(headers, [_cells(runtime, row) for row in page.rows])
    parts = ", ".join(f"{number} {MESSAGES[status][runtime.lang]}" for status, number in counts.items())
    total = sum(counts.values())
    remark(runtime.text(f"{total} thư: {parts or '-'}.", f"{total} mails: {parts or '-'}."))
    if page.after is not None:
        remark(runtime.text(f"Trang sau: --after {page.after}", f"Next page: --after {page.after}"))


def _cells(runtime: Runtime, row: Row) -> tuple[object, ...]:
    one = row.message
    kind = NOTICES[_kind(one)][runtime.lang]
    status = MESSAGES[one.status][runtime.lang]
    return one.id, one.night_on, kind, row.email, status, one.attempts, one.response or one.reason


def _kind(one: Message) -> Any:
    return next(kind for kind in NOTICES if kind.value == one.kind)


def _document(row: Row) -> dict[str, Any]:
    names = (
        "id", "kind", "night_on", "status", "reason", "created_at", "not_before_at", "next_attempt_at", "use_by_at",
        "attempts", "repeats", "header_id", "handed_over_at", "response",
    )  # fmt: skip
    return {name: getattr(row.message, name) for name in names} | {"to": row.email, "person": row.person}


@message.command(help="Một thư: đầu thư, từng dòng, các lần gửi, kết cục / one mail.")
@click.argument("number", metavar="ID", type=int)
@click.option("--raw", is_flag=True, help="Nguyên thư đã gửi / the mail as sent.")
@as_json
@pass_runtime
def show(runtime: Runtime, number: int, raw: bool, as_json: bool) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        row = messages.get(db, actor, number)
        lines = tellings.of_message(db, actor, row.message.key)
        hidden = messages.hidden_lines(db, actor, row.message.key)
    if raw:
        _show_raw(runtime, row.message, hidden)
        return
    subject = row.message.subject if not hidden else None
    if as_json:
        emit(
            _document(row)
            | {"subject": subject, "lines": [_line(one) for one in lines], "hidden_lines": hidden}
        )
        return
    _show_facts(runtime, row, subject)
    _show_lines(runtime, lines, hidden)


def _show_raw(runtime: Runtime, one: Message, hidden: int) -> None:
    """The bytes are kept from the first attempt on, for ninety days."""
    if one.mime is None or hidden:
        raise click.UsageError(runtime.text("Không có bản gốc để xem.", "There are no bytes to show."))
    click.echo(one.mime, nl=False)


def _show_facts(runtime: Runtime, row: Row, subject: str | None) -> None:
    one, text = row.message, runtime.text
    zone = runtime.settings.timezone
    facts(
        [
            (text("Thư", "Mail"), f"{one.id} · {NOTICES[_kind(one)][runtime.lang]}"),
            (text("Gửi tới", "To"), f"{row.person} <{one.address or row.email}>"),
            (text("Tiêu đề", "Subject"), subject),
            ("Message-ID", one.header_id),
            *_headers(one),
            (text("Tình trạng", "Status"), MESSAGES[one.status][runtime.lang]),
            (text("Lý do", "Reason"), one.reason),
            (text("Gửi từ", "Not before"), f"{one.not_before_at.astimezone(zone):%d/%m/%Y %H:%M}"),
            (text("Lần gửi", "Attempts"), one.attempts),
            (text("Lặp lại cùng Message-ID", "Repeats under one Message-ID"), one.repeats or None),
            (
                text("Đã giao lúc", "Handed over at"),
                f"{one.handed_over_at.astimezone(zone):%d/%m/%Y %H:%M:%S}" if one.handed_over_at else None,
            ),
            (text("Máy chủ trả lời", "Response"), one.response),
        ]
    )


def _headers(one: Message) -> list[tuple[str, object]]:
    if one.mime is None:
        return []
    parsed = BytesParser(policy=email_policy.default).parsebytes(one.mime, headersonly=True)
    wanted = ("From", "Date", "Reply-To", "In-Reply-To", "List-Id", "X-Dondoc-Ma", "X-Dondoc-Ly-Do")
    return [(name, str(parsed[name])) for name in wanted if parsed[name]]


def _show_lines(runtime: Runtime, lines: list[Telling], hidden: int) -> None:
    headers = {
        "vi": ("Mã", "Dòng", "Hạn", "Mốc, cấp", "Còn gửi", "Nhận thay"),
        "en": ("Code", "Line", "Due", "Rung, level", "Wanted", "On behalf of"),
    }[runtime.lang]
    yes = {True: runtime.text("có", "yes"), False: runtime.text("không", "no")}
    rows = [
        (
            one.code,
            NOTICES[one.kind][runtime.lang],
            one.due_on,
            _step(one),
            yes[one.status is NoticeStatus.WANTED],
            _behalf(runtime, one),
        )
        for one in lines
    ]
    table(headers, rows)
    if hidden:
        remark(runtime.text(f"{hidden} dòng khác không hiển thị.", f"{hidden} other lines are not shown."))


def _behalf(runtime: Runtime, one: Telling) -> str:
    """The absent person, or the position nobody else could be reached at."""
    position = POSITIONS[Position(one.instead_of)][runtime.lang] if one.instead_of else None
    return ", ".join(said for said in (one.stands_for, position) if said)


def _step(one: Telling) -> str:
    if one.level is not None:
        return f"L{one.level}"
    return f"{one.rung:+d}" if one.rung is not None else ""


def _line(one: Telling) -> dict[str, Any]:
    return {
        "directive": one.code, "kind": one.kind, "status": one.status, "reason": one.reason,
        "due_on": one.due_on, "rung": one.rung, "level": one.level,
        "stands_for": one.stands_for, "instead_of": one.instead_of,
    }  # fmt: skip


@message.command(help="Gửi lại thư bị từ chối, để riêng hoặc quá hạn gửi / send again what did not go.")
@click.argument("number", metavar="ID", type=int)
@plans
@pass_runtime
def resend(runtime: Runtime, number: int, yes: bool, dry_run: bool) -> None:
    runtime.yes = runtime.yes or yes
    with runtime.rehearsal() as desk:
        row = messages.get(desk.db, desk.actor, number)
        resending.resend(desk, number)
    if dry_run:
        runtime.say(f"Sẽ gửi lại tới {row.email}. Chạy thử.", f"Would go to {row.email} again. Dry run.")
        return
    runtime.confirm(f"Gửi lại thư {number} tới {row.email}?", f"Send message {number} to {row.email} again?")
    with runtime.desk() as desk:
        resending.resend(desk, number)
    runtime.say(f"Thư {number} đã trở lại hàng chờ gửi.", f"Message {number} waits to be sent again.")
