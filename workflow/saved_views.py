"""A person's own filters of the list. Nobody else sees or changes them, so they are no act of the journal."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.errors import InputWrong
from workflow.models.saved_view import SavedView
from workflow.statements import changed
from workflow.words import pair

MOST = 20
NAME = range(1, 61)


def own(db: Session, actor: Actor) -> list[SavedView]:
    mine = col(SavedView.person_id) == actor.person_id
    return list(db.scalars(select(SavedView).where(mine).order_by(col(SavedView.name))))


def keep(db: Session, actor: Actor, name: str, query: str, now: datetime) -> SavedView:
    """Under a name already used the new filter takes the place of the old."""
    said = " ".join(name.split())
    if len(said) not in NAME:
        raise _wrong(name, "Cần tên từ 1 đến 60 ký tự.", "Give a name of 1 to 60 characters.")
    mine = col(SavedView.person_id) == actor.person_id
    view = db.scalar(select(SavedView).where(mine, col(SavedView.name) == said))
    if view is None:
        if (db.scalar(select(func.count()).select_from(SavedView).where(mine)) or 0) >= MOST:
            raise _wrong(said, f"Đã lưu đủ {MOST} cách xem.", f"You keep {MOST} views already.")
        assert actor.person_id is not None
        view = SavedView(person_id=actor.person_id, name=said, query=query, created_at=now)
    view.query = query
    db.add(view)
    db.flush()
    return view


def forget(db: Session, actor: Actor, view_id: int) -> bool:
    """False when there is no such view of this person."""
    mine = (col(SavedView.id) == view_id, col(SavedView.person_id) == actor.person_id)
    return changed(db, delete(SavedView).where(*mine)) == 1


def _wrong(value: str, vi: str, en: str) -> InputWrong:
    return InputWrong(field=pair("tên cách xem", "name of the view"), value=value, why=pair(vi, en))
