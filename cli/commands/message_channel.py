"""dondoc message channel: whether mail can leave, why not, and trying again at once."""

from typing import Any

import click

from cli.output import emit, facts
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json
from notifications.smtp import parse_channel
from workflow import channel as channels
from workflow import outbox
from workflow.models.channel_stop import ChannelStop


@click.command(
    cls=Command, help="Kênh gửi thư: có dừng không, vì sao; --retry thử lại ngay / the mail channel."
)
@click.option("--retry", is_flag=True, help="Thử lại ngay, không đợi / try again at once.")
@as_json
@pass_runtime
def channel(runtime: Runtime, retry: bool, as_json: bool) -> None:
    if retry:
        with runtime.desk() as desk:
            channels.retry_now(desk)
    with runtime.reading() as db:
        stop, waiting = channels.stopped(db), outbox.waiting(db)
    where = parse_channel(runtime.settings.smtp_url).describe()
    if as_json:
        emit({"channel": where, "waiting": waiting, "stopped": _document(stop)})
        return
    text, zone = runtime.text, runtime.settings.timezone
    rows: list[tuple[str, object]] = [
        (text("Kênh", "Channel"), where),
        (text("Thư chờ", "Waiting"), waiting),
        (text("Tình trạng", "State"), text("đang dừng", "stopped") if stop else text("hoạt động", "works")),
    ]
    if stop is not None:
        again = (
            text("lần gửi kế tiếp", "the next round")
            if retry
            else f"{stop.retry_at.astimezone(zone):%H:%M:%S}"
        )
        rows += [
            (text("Dừng từ", "Since"), f"{stop.since_at.astimezone(zone):%d/%m/%Y %H:%M}"),
            (text("Máy chủ trả lời", "Response"), stop.response),
            (text("Số lần thử", "Tries"), stop.failures),
            (text("Thử lại lúc", "Next try"), again),
            (text("Cần người sửa", "Needs an operator"), text("có", "yes") if stop.needs_operator else None),
        ]
    facts(rows)


def _document(stop: ChannelStop | None) -> dict[str, Any] | None:
    if stop is None:
        return None
    names = ("since_at", "retry_at", "failures", "needs_operator", "response")
    return {name: getattr(stop, name) for name in names}
