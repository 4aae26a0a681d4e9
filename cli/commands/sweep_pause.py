"""dondoc sweep pause, unpause: all mail stops at once, nothing is lost."""

import click

from cli.runtime import Runtime, pass_runtime
from cli.speech import Command
from workflow import sending
from workflow.access import Actor
from workflow.errors import RoleNotAllowed
from workflow.models.person import Role


@click.command(cls=Command, help="Dừng mọi thư; lượt quét vẫn chạy, thư chờ trong hàng / stop all mail.")
@click.option("--reason", required=True, help="Lý do / reason.")
@pass_runtime
def pause(runtime: Runtime, reason: str) -> None:
    with runtime.desk() as desk:
        _check(desk.actor)
        standing = sending.pause(desk, reason)
    runtime.say(
        f"Đã dừng gửi thư từ {standing.since_at:%d/%m/%Y}. Cho gửi lại: dondoc sweep unpause.",
        f"Sending has been stopped since {standing.since_at:%d/%m/%Y}. Start it again: dondoc sweep unpause.",
    )


@click.command(cls=Command, help="Cho gửi thư trở lại / let mail go again.")
@pass_runtime
def unpause(runtime: Runtime) -> None:
    with runtime.desk() as desk:
        _check(desk.actor)
        lasted = sending.unpause(desk)
    if lasted is None:
        runtime.say("Không có lệnh dừng nào.", "Sending is not stopped.")
    else:
        runtime.say("Thư được gửi trở lại.", "Mail goes out again.")


def _check(actor: Actor) -> None:
    if not actor.is_system and actor.role is not Role.ADMINISTRATOR:
        move = {"vi": "dừng hoặc cho gửi thư", "en": "stop or start sending"}
        allowed = {"vi": "Quản trị", "en": "Administrator"}
        raise RoleNotAllowed(actor=actor.name, move=move, code="dondoc", allowed=allowed)
