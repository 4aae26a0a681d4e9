"""dondoc link: how agencies answer without an account, and calendars read due days."""

import click
from sqlmodel import Session

from cli.output import emit, remark, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json
from config import secret
from notifications.links import answer_url, feed_url
from workflow import feeds, link_desk
from workflow.link_desk import Row
from workflow.models.organization import Organization
from workflow.store import organizations


def command() -> click.Command:
    return link


@click.group(
    cls=Group, help="Liên kết trả lời không cần tài khoản, địa chỉ lịch / answer links, calendar feeds."
)
def link() -> None:
    pass


@link.command("make", help="Tạo liên kết cho một đầu mối của cơ quan thực hiện / make a link for a contact.")
@click.argument("code")
@click.option("--to", "email", metavar="EMAIL", help="Đầu mối; mặc định của cơ quan chủ trì / the contact.")
@as_json
@pass_runtime
def make(runtime: Runtime, code: str, email: str | None, as_json: bool) -> None:
    with runtime.desk() as desk:
        token, person = link_desk.make(desk, _keys(runtime), code, email)
    url = answer_url(runtime.settings.base_url, token)
    if as_json:
        emit({"code": code, "contact": person.email, "url": url})
        return
    click.echo(url)
    remark(
        runtime.text(
            f"Chỉ gửi cho {person.name} <{person.email}>: ai có liên kết này trả lời được thay cơ quan.",
            f"For {person.name} <{person.email}> only: whoever has it may answer for the agency.",
        )
    )


@link.command("list", help="Liên kết của một nhiệm vụ; không hiện liên kết / the links of a directive.")
@click.argument("code")
@as_json
@pass_runtime
def list_links(runtime: Runtime, code: str, as_json: bool) -> None:
    with runtime.reading() as db:
        rows = link_desk.of_directive(db, runtime.actor(db), code)
    if as_json:
        emit([link_desk.document(row) for row in rows])
        return
    headers = {
        "vi": ("Số", "Đầu mối", "Cơ quan", "Nhiệm vụ", "Tạo lúc", "Người trả lời", "Thu lại"),
        "en": ("Id", "Contact", "Agency", "Directives", "Made", "Answered by", "Revoked"),
    }[runtime.lang]
    table(headers, [_cells(row) for row in rows])


@link.command("revoke", help="Thu lại một liên kết, có hiệu lực ngay / take a link back, at once.")
@click.argument("number", type=int)
@pass_runtime
def revoke(runtime: Runtime, number: int) -> None:
    with runtime.desk() as desk:
        link_desk.revoke(desk, number)
    runtime.say(
        f"Đã thu lại liên kết {number}; thư sau về việc này mang liên kết mới.",
        f"Link {number} was taken back; the next mail about this brings a new one.",
    )


@link.command("feed", help="Địa chỉ lịch .ics của tôi, hoặc của một cơ quan / a calendar address.")
@click.argument("agency", required=False)
@click.option("--revoke", "back", is_flag=True, help="Thu lại địa chỉ đang dùng / take it back.")
@as_json
@pass_runtime
def feed(runtime: Runtime, agency: str | None, back: bool, as_json: bool) -> None:
    with runtime.desk() as desk:
        body = _body(runtime, desk.db, agency)
        token = None if back else feeds.make(desk, _keys(runtime), body)
        if back:
            feeds.revoke(desk, body)
    url = feed_url(runtime.settings.base_url, token) if token else None
    if as_json:
        emit({"agency": agency, "url": url})
    elif url is not None:
        click.echo(url)
    else:
        runtime.say("Đã thu lại địa chỉ lịch.", "The calendar address was taken back.")


def _body(runtime: Runtime, db: Session, agency: str | None) -> Organization | None:
    return organizations.get(db, runtime.actor(db), agency) if agency else None


def _keys(runtime: Runtime) -> tuple[bytes, ...]:
    return secret.keys(runtime.settings, "link")


def _cells(row: Row) -> tuple[object, ...]:
    link = row.link
    return (
        link.id, row.person.email, row.agency, row.count, link.made_at, link.name or "", link.revoked_at,
    )  # fmt: skip
