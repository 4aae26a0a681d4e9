"""dondoc agency: bodies, their contacts, and who is away."""

from datetime import date
from typing import Any

import click

from cli.output import emit, facts, remark, table
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Group, as_json
from reports.cards import card_document
from workflow import register, standing
from workflow.figures.scorecard import scorecard as card_of
from workflow.ladder import Position
from workflow.models.organization import OrganizationKind
from workflow.models.person import Mailbox
from workflow.register import PersonChange
from workflow.store import organizations
from workflow.store.organizations import Contact, Row
from workflow.words import ORGANIZATIONS, POSITIONS

KINDS = click.Choice([kind.value for kind in OrganizationKind])
POSTS = click.Choice([position.value for position in Position])


def command() -> click.Command:
    return agency


@click.group(cls=Group, help="Cơ quan, đoàn giám sát và đầu mối / bodies and contacts.")
def agency() -> None:
    pass


@agency.command("list", help="Danh sách, với số nhiệm vụ chủ trì / list, with what each leads.")
@click.option("--kind", type=KINDS, help="Loại / kind.")
@as_json
@pass_runtime
def list_agencies(runtime: Runtime, kind: str | None, as_json: bool) -> None:
    kinds = (OrganizationKind(kind),) if kind else ()
    with runtime.reading() as db:
        as_of = standing.as_of(db, runtime.today(db))
        rows = organizations.all_rows(db, runtime.actor(db), as_of, kinds)
    if as_json:
        emit([_document(row) for row in rows])
        return
    headers = {
        "vi": ("Mã", "Tên", "Loại", "Người", "Chủ trì", "Đang mở", "Quá hạn"),
        "en": ("Code", "Name", "Kind", "People", "Leads", "Open", "Overdue"),
    }[runtime.lang]
    table(headers, [_cells(row, runtime.lang) for row in rows])


def _cells(row: Row, locale: str) -> tuple[object, ...]:
    body = row.organization
    return body.code, body.name, ORGANIZATIONS[body.kind][locale], row.people, row.led, row.open, row.overdue


def _document(row: Row) -> dict[str, Any]:
    body = row.organization
    return {
        "code": body.code, "name": body.name, "kind": body.kind, "aliases": body.aliases,
        "people": row.people, "led": row.led, "open": row.open, "overdue": row.overdue,
    }  # fmt: skip


@agency.command(help="Một cơ quan và những người giữ vị trí / one body and its people.")
@click.argument("code")
@as_json
@pass_runtime
def show(runtime: Runtime, code: str, as_json: bool) -> None:
    with runtime.reading() as db:
        body = organizations.get(db, runtime.actor(db), code)
        people = organizations.contacts(db, body)
        today = runtime.today(db)
    if as_json:
        emit(
            {"code": body.code, "name": body.name, "kind": body.kind, "aliases": body.aliases}
            | {"contacts": [_contact(one) for one in people]}
        )
        return
    text, locale = runtime.text, runtime.lang
    facts(
        [
            (text("Mã", "Code"), body.code),
            (text("Tên", "Name"), body.name),
            (text("Loại", "Kind"), ORGANIZATIONS[body.kind][locale]),
            (text("Tên khác", "Also called"), ", ".join(body.aliases)),
        ]
    )
    headers = {
        "vi": ("Vị trí", "Người", "Thư điện tử", "Chức vụ", "Hộp thư", "Vắng"),
        "en": ("Post", "Person", "E-mail", "Title", "Mailbox", "Away"),
    }[locale]
    table(headers, [_person(runtime, one, today) for one in people])


def _person(runtime: Runtime, one: Contact, today: date) -> tuple[object, ...]:
    person = one.person
    mailbox = {
        Mailbox.OPEN: runtime.text("mở", "open"),
        Mailbox.DEAD: runtime.text("không nhận thư", "dead"),
    }[person.mailbox]
    until = f"{person.absent_until:%d/%m/%Y}" if person.absent_until else "…"
    away = f"{person.absent_from:%d/%m/%Y} - {until}" if person.absent_from else ""
    if one.is_absent(today):
        away += runtime.text(" (đang vắng)", " (now)")
    post = POSITIONS[one.membership.position][runtime.lang]
    return post, person.name, person.email, one.membership.title, mailbox, away


def _contact(one: Contact) -> dict[str, Any]:
    person = one.person
    return {
        "position": one.membership.position, "title": one.membership.title, "name": person.name,
        "email": person.email, "locale": person.locale, "mailbox": person.mailbox, "active": person.is_active,
        "absent_from": person.absent_from, "absent_until": person.absent_until,
    }  # fmt: skip


@agency.command(help="Kết quả thực hiện: số đếm, không xếp hạng / what was done in time, with counts.")
@click.argument("code")
@click.option("--as-of", type=DAY, help="Đến hết ngày / up to this evening.")
@as_json
@pass_runtime
def scorecard(runtime: Runtime, code: str, as_of: date | None, as_json: bool) -> None:
    with runtime.reading() as db:
        actor, today = runtime.actor(db), runtime.today(db)
        body = organizations.get(db, actor, code)
        card = card_of(db, actor, body.code, as_of or today, today)
    document = card_document(card)
    if as_json:
        emit(document)
        return
    headers = {
        "vi": ("Đến ngày", "Đã đến hạn", "Đúng hạn", "%", "Theo hạn gốc", "%", "Quá hạn", "Tổng giao"),
        "en": ("Up to", "Due", "On time", "%", "By original", "%", "Overdue", "All"),
    }[runtime.lang]
    names = ("on", "due", "on_time", "on_time_percent", "on_time_by_original", "on_time_by_original_percent",
             "overdue", "total")  # fmt: skip
    table(headers, [[point[name] for name in names] for point in document["trend"]])
    late, times = card.timing.mean_lateness, card.revised.extensions
    remark(
        runtime.text(
            f"Chậm trung bình: {'–' if late is None else late} ngày theo lịch. Gia hạn: {times} lần. "
            "Tỷ lệ tính trên nhiệm vụ đã đến hạn, từ 5 nhiệm vụ trở lên.",
            f"Mean lateness: {'–' if late is None else late} calendar days. Extensions: {times}. "
            "Shares are of due directives, from 5 on.",
        )
    )


@agency.command(help="Thêm cơ quan hoặc đoàn giám sát / add a body.")
@click.argument("code")
@click.option("--name", required=True, help="Tên đầy đủ / full name.")
@click.option("--kind", type=KINDS, default="agency", help="Loại / kind.")
@click.option("--alias", "aliases", multiple=True, help="Tên khác, lặp lại được / also called.")
@pass_runtime
def add(runtime: Runtime, code: str, name: str, kind: str, aliases: tuple[str, ...]) -> None:
    with runtime.desk() as desk:
        register.add_organization(desk, code, name, OrganizationKind(kind), aliases)
    runtime.say(
        f"Đã thêm {code}. Tiếp theo: dondoc agency contact add {code} EMAIL --position clerk --name TÊN.",
        f"{code} added. Next: dondoc agency contact add {code} EMAIL --position clerk --name NAME.",
    )


@agency.command(help="Sửa tên, tên khác / edit a body.")
@click.argument("code")
@click.option("--name", help="Tên đầy đủ / full name.")
@click.option("--alias", "aliases", multiple=True, help="Thay toàn bộ tên khác / replaces all aliases.")
@pass_runtime
def edit(runtime: Runtime, code: str, name: str | None, aliases: tuple[str, ...]) -> None:
    with runtime.desk() as desk:
        register.edit_organization(desk, code, name=name, aliases=aliases or None)
    runtime.say(f"Đã sửa {code}.", f"{code} edited.")


@agency.group(help="Người giữ vị trí và nhận thư / people who hold posts.")
def contact() -> None:
    pass


@contact.command("add", help="Thêm người vào một vị trí / give somebody a post.")
@click.argument("code")
@click.argument("email")
@click.option("--position", type=POSTS, required=True, help="Vị trí / post.")
@click.option("--name", help="Họ tên, khi là người mới / name, for somebody new.")
@click.option("--title", help="Chức vụ ghi trong thư / title.")
@click.option("--locale", type=click.Choice(["vi", "en"]), default="vi", help="Ngôn ngữ thư / language.")
@pass_runtime
def add_contact(
    runtime: Runtime, code: str, email: str, position: str, name: str | None, title: str | None, locale: str
) -> None:
    with runtime.desk() as desk:
        person = register.add_contact(
            desk, code, email, Position(position), name=name, title=title, locale=locale
        )
    runtime.say(f"{code}: đã thêm {person.name}.", f"{code}: {person.name} added.")


@contact.command("edit", help="Sửa tên, địa chỉ, ngôn ngữ, ngày vắng / edit a person.")
@click.argument("email")
@click.option("--name", help="Họ tên / name.")
@click.option("--email", "new_email", help="Địa chỉ mới; hộp thư hỏng được mở lại / new address.")
@click.option("--locale", type=click.Choice(["vi", "en"]), help="Ngôn ngữ thư / language.")
@click.option("--absent-from", type=DAY, help="Vắng từ ngày / away from.")
@click.option("--absent-until", type=DAY, help="Vắng đến hết ngày / away until, this day included.")
@click.option("--present", is_flag=True, help="Hết vắng / back again.")
@pass_runtime
def edit_contact(runtime: Runtime, /, email: str, new_email: str | None, **given: Any) -> None:
    with runtime.desk() as desk:
        person = register.edit_contact(desk, email, PersonChange(email=new_email, **given))
    runtime.say(f"Đã sửa {person.name} <{person.email}>.", f"{person.name} <{person.email}> edited.")


@contact.command("remove", help="Thôi giữ vị trí; nhật ký còn nguyên / take a post away.")
@click.argument("code")
@click.argument("email")
@click.option("--position", type=POSTS, help="Chỉ vị trí này / only this post.")
@pass_runtime
def remove_contact(runtime: Runtime, code: str, email: str, position: str | None) -> None:
    with runtime.desk() as desk:
        number = register.remove_contact(desk, code, email, Position(position) if position else None)
    runtime.say(f"{code}: {email} thôi giữ {number} vị trí.", f"{code}: {email} gave up {number} posts.")
