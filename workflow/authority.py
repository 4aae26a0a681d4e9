"""Changing the rules everybody lives by is for administrators (and the system, when it installs them)."""

from workflow.desk import Desk
from workflow.errors import RoleNotAllowed
from workflow.models.person import Role
from workflow.words import Texts

ADMINISTRATOR = {"vi": "Quản trị", "en": "Administrator"}


def only_administrator(desk: Desk, move: Texts, code: str) -> None:
    if desk.actor.is_system or desk.actor.role is Role.ADMINISTRATOR:
        return
    raise RoleNotAllowed(actor=desk.actor.name, move=move, code=code, allowed=ADMINISTRATOR)
