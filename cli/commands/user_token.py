"""dondoc user token: what programs hold to act for a person."""

import click

from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json
from config.instant import real_now
from workflow import api_tokens
from workflow.api_tokens import Scope
from workflow.models.person import Role


@click.group(cls=Group, help="Mã truy cập cho chương trình / tokens for programs.")
def token() -> None:
    pass


@token.command(help="Tạo mã cho người đang làm (--as); chỉ in một lần / make one, printed once.")
@click.option("--name", required=True, help="Tên chương trình / name of the program.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([one.value for one in Scope]),
    help="Quyền, dùng nhiều lần được / a scope, repeatable.",
)  # fmt: skip
@click.option(
    "--days", type=int, default=api_tokens.USUAL_DAYS, show_default=True, help="Số ngày / days it lasts."
)
@as_json
@pass_runtime
def make(runtime: Runtime, /, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    with runtime.desk() as desk:
        made = api_tokens.make(desk, name, [Scope(one) for one in scopes], real_now(), days=days)
    if as_json:
        emit({"id": made.token.id, "token": made.text, "ends_at": made.token.ends_at})
    else:
        click.echo(made.text)


@token.command("list", help="Mã của tôi; quản trị thấy của mọi người / mine; an administrator sees all.")
@as_json
@pass_runtime
def list_tokens(runtime: Runtime, as_json: bool) -> None:
    with runtime.reading() as db:
        actor = runtime.actor(db)
        rows = api_tokens.listed(db, actor, everybody=actor.role is Role.ADMINISTRATOR)
    now = real_now()
    if as_json:
        emit(
            [
                {
                    "id": one.id, "owner": email, "name": one.name, "start": one.start, "scopes": one.scopes,
                    "ends_at": one.ends_at, "last_used_at": one.last_used_at, "live": api_tokens.is_live(one, now),
                }
                for one, email in rows
            ]
        )  # fmt: skip
        return
    headers = {
        "vi": ("Số", "Của", "Tên", "Bắt đầu", "Quyền", "Hết hạn", "Còn dùng"),
        "en": ("Id", "Of", "Name", "Begins", "Scopes", "Ends", "Live"),
    }[runtime.lang]
    yes = {True: runtime.text("có", "yes"), False: runtime.text("không", "no")}
    cells = [
        (one.id, email, one.name, one.start, ", ".join(one.scopes), one.ends_at.date(), yes[api_tokens.is_live(one, now)])
        for one, email in rows
    ]  # fmt: skip
    table(headers, cells)


@token.command(help="Thu hồi ngay / end one at once.")
@click.argument("number", type=int)
@pass_runtime
def revoke(runtime: Runtime, number: int) -> None:
    with runtime.desk() as desk:
        ended = api_tokens.revoke(desk, number, real_now())
    runtime.say(f"Đã thu hồi mã '{ended.name}'.", f"The token '{ended.name}' was revoked.")
