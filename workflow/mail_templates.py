"""Mail texts of an administrator's own: versions written once, one of them in force, or none."""

from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from workflow import audit
from workflow.desk import Desk
from workflow.errors import NotFound, RoleNotAllowed, WorkflowError
from workflow.models.mail_template import MailTemplate
from workflow.models.person import Role


class ShippedAlready(WorkflowError):
    """There is no edited version to take back."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Mẫu {path} đang dùng bản gốc, không có gì để khôi phục.",
        "en": "{path} is written by the shipped template; there is nothing to take back.",
    }


def active_ids(db: Session) -> tuple[int, ...]:
    """Changes whenever another text comes into force: what is built from the texts is kept under it."""
    query = select(col(MailTemplate.id)).where(col(MailTemplate.is_active))
    return tuple(sorted(db.scalars(query)))


def active(db: Session) -> dict[str, MailTemplate]:
    """By path; what is not here is written by the shipped file."""
    query = select(MailTemplate).where(col(MailTemplate.is_active)).order_by(col(MailTemplate.path))
    return {row.path: row for row in db.scalars(query)}


def versions(db: Session, path: str) -> Sequence[MailTemplate]:
    """Newest first."""
    query = select(MailTemplate).where(col(MailTemplate.path) == path)
    return list(db.scalars(query.order_by(col(MailTemplate.number).desc())))


def put_in_force(desk: Desk, path: str, source: str) -> MailTemplate:
    """A new version; the caller has proved that it can be sent. The text already in force changes nothing."""
    check_administrator(desk, path)
    before = _active(desk.db, path)
    if before is not None and before.source == source:
        return before
    _withdraw(desk.db, path)
    last = desk.db.scalar(select(func.max(col(MailTemplate.number))).where(col(MailTemplate.path) == path))
    row = MailTemplate(
        path=path, number=(last or 0) + 1, source=source, is_active=True, published_at=desk.now,
        actor=desk.actor.name,
    )  # fmt: skip
    desk.db.add(row)
    desk.db.flush()
    _journal(desk, "template.publish", path, before, row)
    return row


def revert(desk: Desk, path: str, number: int | None = None) -> MailTemplate | None:
    """Back to an earlier version, or to the shipped text when no number is given."""
    check_administrator(desk, path)
    before = _active(desk.db, path)
    after = None if number is None else _numbered(desk.db, path, number)
    if before is None and after is None:
        raise ShippedAlready(path=path)
    _withdraw(desk.db, path)
    if after is not None:
        after.is_active = True
        desk.db.add(after)
        desk.db.flush()
    _journal(desk, "template.revert", path, before, after)
    return after


def check_administrator(desk: Desk, path: str) -> None:
    if desk.actor.is_system or desk.actor.role is Role.ADMINISTRATOR:
        return
    raise RoleNotAllowed(
        actor=desk.actor.name,
        move={"vi": "sửa mẫu thư", "en": "edit the mail template"},
        code=path,
        allowed={"vi": "Quản trị", "en": "Administrator"},
    )


def _active(db: Session, path: str) -> MailTemplate | None:
    return db.scalar(select(MailTemplate).where(col(MailTemplate.path) == path, col(MailTemplate.is_active)))


def _numbered(db: Session, path: str, number: int) -> MailTemplate:
    query = select(MailTemplate).where(col(MailTemplate.path) == path, col(MailTemplate.number) == number)
    found = db.scalar(query)
    if found is None:
        what = {"vi": "bản của mẫu thư", "en": "Version of the mail template"}
        raise NotFound(what=what, code=f"{path} {number}")
    return found


def _withdraw(db: Session, path: str) -> None:
    db.execute(update(MailTemplate).where(col(MailTemplate.path) == path).values(is_active=False))


def _journal(
    desk: Desk, act: str, path: str, before: MailTemplate | None, after: MailTemplate | None
) -> None:
    numbers = [row.number if row is not None else 0 for row in (before, after)]
    audit.record(
        desk.db, desk.actor, act, at=desk.now, on=desk.today, detail={"path": path, "versions": numbers}
    )
