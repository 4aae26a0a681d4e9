"""dondoc user: who may act in the whole installation."""

import click
from sqlmodel import Session

from cli.commands.user_absence import absence
from cli.commands.user_identity import link_identity, list_identities, unlink_identity
from cli.commands.user_mails import mails
from cli.commands.user_token import token
from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json
from config import instant
from workflow import accounts, audit, register, second_factor, sign_ins
from workflow.desk import Desk
from workflow.models.person import Person, Role
from workflow.store import events, people
from workflow.words import ROLES

NO_ROLE = "none"
CHOICE = click.Choice([*(role.value for role in Role), NO_ROLE])


def command() -> click.Command:
    return user


@click.group(cls=Group, help="Người dùng và vai trò / people and roles.")
def user() -> None:
    pass


user.add_command(token)
user.add_command(absence)
user.add_command(mails)
user.add_command(list_identities)
user.add_command(link_identity)
user.add_command(unlink_identity)


@user.command("list", help="Mọi người, vai trò, vị trí / everybody.")
@as_json
@pass_runtime
def list_users(runtime: Runtime, as_json: bool) -> None:
    with runtime.reading() as db:
        rows = _rows(runtime, db)
    if as_json:
        emit(
            [
                {
                    "email": one.email, "name": one.name, "role": one.role, "active": one.is_active,
                    "locale": one.locale, "bodies": bodies,
                }
                for one, bodies in rows
            ]
        )  # fmt: skip
        return
    headers = {
        "vi": ("Thư điện tử", "Họ tên", "Vai trò", "Thuộc", "Hoạt động"),
        "en": ("E-mail", "Name", "Role", "Of", "Active"),
    }[runtime.lang]
    yes = {True: runtime.text("có", "yes"), False: runtime.text("không", "no")}
    cells = [
        (one.email, one.name, ROLES[one.role][runtime.lang] if one.role else "", bodies, yes[one.is_active])
        for one, bodies in rows
    ]
    table(headers, cells)


def _rows(runtime: Runtime, db: Session) -> list[tuple[Person, str]]:
    events.check_sees_all(runtime.actor(db))
    return people.users(db)


@user.command(help="Thêm người dùng / add somebody.")
@click.argument("email")
@click.option("--name", required=True, help="Họ tên / name.")
@click.option("--role", type=CHOICE, default=NO_ROLE, help="Vai trò / role.")
@click.option("--locale", type=click.Choice(["vi", "en"]), default="vi", help="Ngôn ngữ / language.")
@pass_runtime
def add(runtime: Runtime, email: str, name: str, role: str, locale: str) -> None:
    with runtime.desk() as desk:
        register.add_user(desk, email, name, _role(role), locale)
    runtime.say(f"Đã thêm {name}.", f"{name} added.")


@user.command(help="Đặt vai trò; none là bỏ / set a role; none takes it away.")
@click.argument("email")
@click.argument("role", type=CHOICE)
@pass_runtime
def role(runtime: Runtime, email: str, role: str) -> None:
    with runtime.desk() as desk:
        register.set_role(desk, email, _role(role))
    runtime.say(f"{email}: vai trò {role}.", f"{email}: role {role}.")


@user.command(help="Không cho dùng nữa; không xóa gì / disable.")
@click.argument("email")
@click.option("--enable", is_flag=True, help="Cho dùng lại / enable again.")
@pass_runtime
def disable(runtime: Runtime, email: str, enable: bool) -> None:
    with runtime.desk() as desk:
        register.set_active(desk, email, active=enable)
    if enable:
        runtime.say(f"{email} dùng lại được.", f"{email} is enabled.")
    else:
        runtime.say(f"{email} không dùng được nữa.", f"{email} is disabled.")


@user.command(help="Đặt mật khẩu mới; hỏi trên màn hình / set a new password, asked for.")
@click.argument("email")
@click.password_option(
    prompt="Mật khẩu mới / new password", confirmation_prompt="Nhập lại / repeat", help="Mật khẩu / password."
)
@pass_runtime
def password(runtime: Runtime, email: str, password: str) -> None:
    with runtime.desk() as desk:
        register.check_administrator(desk, email)
        accounts.set_password(desk.db, people.by_email(desk.db, email), password, instant.real_now())
    runtime.say(f"Đã đặt mật khẩu của {email}.", f"The password of {email} is set.")


@user.command("sign-out", help="Đăng xuất ở mọi trình duyệt / end every browser's sign-in.")
@click.argument("email")
@pass_runtime
def sign_out(runtime: Runtime, email: str) -> None:
    with runtime.desk() as desk:
        register.check_administrator(desk, email)
        sign_ins.end_all(desk.db, people.by_email(desk.db, email).id, instant.real_now())
        _journal(desk, "user.sign_out", email)
    runtime.say(f"Đã đăng xuất {email} ở mọi nơi.", f"{email} is signed out everywhere.")


@user.command("no-factor", help="Bỏ xác thực hai lớp, khi mất điện thoại / remove the second factor.")
@click.argument("email")
@pass_runtime
def no_factor(runtime: Runtime, email: str) -> None:
    with runtime.desk() as desk:
        register.check_administrator(desk, email)
        person = people.by_email(desk.db, email)
        sign_ins.end_all(desk.db, person.id, instant.real_now())
        second_factor.remove(desk.db, person.id)
        _journal(desk, "user.no_factor", email)
    runtime.say(f"Đã bỏ xác thực hai lớp của {email}.", f"The second factor of {email} is removed.")


def _journal(desk: Desk, act: str, email: str) -> None:
    audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail={"email": email})


def _role(given: str) -> Role | None:
    return None if given == NO_ROLE else Role(given)
