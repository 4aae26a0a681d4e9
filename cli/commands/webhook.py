"""dondoc webhook: programs elsewhere that are told of acts."""

import click

from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json
from config.instant import real_now
from config.sealing import seal
from workflow import webhooks
from workflow.webhooks import ASKED, Wanted


def command() -> click.Command:
    return webhook


@click.group(cls=Group, help="Báo cho chương trình khác / programs that are told of acts.")
def webhook() -> None:
    pass


@webhook.command(help="Thêm một địa chỉ; in bí mật ký một lần / add an address, print its secret once.")
@click.argument("url")
@click.option(
    "--event", "events", multiple=True, type=click.Choice([one.value for one in ASKED]),
    help="Việc cần báo, dùng nhiều lần được; mặc định mọi việc / an event, repeatable; all by default.",
)  # fmt: skip
@click.option("--owner", help="Chỉ báo những gì người này được xem / sees what this person may see.")
@as_json
@pass_runtime
def add(runtime: Runtime, /, url: str, events: tuple[str, ...], owner: str | None, as_json: bool) -> None:
    secret = webhooks.new_secret()
    kinds = webhooks.kinds_of(events) or ASKED
    with runtime.desk() as desk:
        wanted = Wanted(url, kinds, seal(runtime.settings, secret), owner)
        hook = webhooks.add(desk, wanted, runtime.settings.webhook_hosts, real_now())
    if as_json:
        emit({"id": hook.id, "secret": secret, "events": hook.events})
    else:
        runtime.say(
            f"Webhook {hook.id}. Bí mật ký, chỉ in lần này:", f"Webhook {hook.id}. Its secret, printed once:"
        )
        click.echo(secret)


@webhook.command("list", help="Các địa chỉ, của ai, báo gì / addresses, owners, events.")
@as_json
@pass_runtime
def list_webhooks(runtime: Runtime, as_json: bool) -> None:
    with runtime.reading() as db:
        rows = webhooks.listed(db, runtime.actor(db))
    if as_json:
        emit(
            [
                {"id": one.id, "url": one.url, "owner": email, "events": one.events, "ended_at": one.ended_at}
                for one, email in rows
            ]
        )
        return
    headers = {
        "vi": ("Số", "Địa chỉ", "Của", "Việc", "Còn dùng"),
        "en": ("Id", "Address", "Owner", "Events", "Live"),
    }[runtime.lang]
    yes = {True: runtime.text("có", "yes"), False: runtime.text("không", "no")}
    table(
        headers,
        [(one.id, one.url, email, ", ".join(one.events), yes[one.ended_at is None]) for one, email in rows],
    )


@webhook.command(help="Gọi thử theo đúng đường của mọi lần gọi / one test call, like all others.")
@click.argument("number", type=int)
@pass_runtime
def test(runtime: Runtime, number: int) -> None:
    with runtime.desk() as desk:
        call = webhooks.test(desk, number)
    runtime.say(
        f"Lần gọi {call.id} đang chờ gửi. Xem: dondoc webhook deliveries {number}.",
        f"Call {call.id} is waiting to go. See: dondoc webhook deliveries {number}.",
    )


@webhook.command(help="Thôi báo; lần gọi đang chờ bị bỏ / end it; what waits is dropped.")
@click.argument("number", type=int)
@pass_runtime
def remove(runtime: Runtime, number: int) -> None:
    with runtime.desk() as desk:
        webhooks.remove(desk, number, real_now())
    runtime.say(f"Đã thôi báo webhook {number}.", f"Webhook {number} was ended.")


@webhook.command(help="Các lần gọi gần đây và kết quả / recent calls and what became of them.")
@click.argument("number", type=int)
@as_json
@pass_runtime
def deliveries(runtime: Runtime, number: int, as_json: bool) -> None:
    with runtime.reading() as db:
        rows = webhooks.calls(db, runtime.actor(db), number)
    if as_json:
        names = ("id", "kind", "status", "attempts", "response", "delivered_at")
        emit([{name: getattr(one, name) for name in names} for one in rows])
        return
    headers = {
        "vi": ("Số", "Việc", "Tình trạng", "Số lần", "Trả lời"),
        "en": ("Id", "Event", "Status", "Attempts", "Answer"),
    }[runtime.lang]
    table(
        headers,
        [(one.id, one.kind or "", one.status.value, one.attempts, one.response or "") for one in rows],
    )


@webhook.command(help="Gọi lại một lần gọi hỏng, cùng mã, cùng nội dung / a dead call again.")
@click.argument("call", type=int)
@pass_runtime
def resend(runtime: Runtime, call: int) -> None:
    with runtime.desk() as desk:
        webhooks.resend(desk, call)
    runtime.say(f"Lần gọi {call} sẽ được gửi lại.", f"Call {call} will be made again.")
