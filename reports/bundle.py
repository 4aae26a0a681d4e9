"""The inspection bundle: one supervision with everything that proves it, checked by anybody without this product.

`events.jsonl` holds the whole chain: events of other supervisions as digests of their lines only, so that the
links can be recomputed and nothing else is told.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from workflow import audit
from workflow.access import Actor
from workflow.errors import NotFound, RoleNotAllowed
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event, Seal
from workflow.models.message import Message
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation
from workflow.models.organization import Organization
from workflow.models.person import Person, Role
from workflow.models.supervision import Conclusion, Supervision
from workflow.words import pair

STAMP = (2020, 1, 1, 0, 0, 0)
INSPECTORS = (Role.AUDITOR, Role.ADMINISTRATOR, Role.LEADERSHIP)


def bundle(db: Session, actor: Actor, code: str, now: datetime) -> bytes:
    """A zip of JSON lines, sources, the chain and the verifier; the file list carries every digest.

    Raises RoleNotAllowed for who does not see the whole journal, NotFound for an unknown supervision.
    """
    check_may_inspect(actor)
    supervision = db.scalar(select(Supervision).where(col(Supervision.code) == code))
    if supervision is None:
        raise NotFound(what=pair("cuộc giám sát", "Supervision"), code=code)
    files = dict(_files(db, supervision))
    manifest = {
        "supervision": code,
        "made_at": now.isoformat(),
        "made_by": actor.name,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    files["verify.py"] = resources.files("reports").joinpath("verify_bundle.py").read_bytes()
    return _zipped(files)


def check_may_inspect(actor: Actor) -> None:
    if not (actor.is_system or actor.role in INSPECTORS):
        raise RoleNotAllowed(
            actor=actor.name,
            move=pair("lập bộ hồ sơ kiểm tra", "make an inspection bundle"),
            code=pair("nhật ký", "the journal"),
            allowed=pair("Kiểm tra, Lãnh đạo, Quản trị", "Auditor, Leadership, Administrator"),
        )


def _files(db: Session, supervision: Supervision) -> Iterator[tuple[str, bytes]]:
    directives = list(db.scalars(_of(Directive, col(Directive.supervision_id), [supervision.id])))
    ids = [one.id for one in directives]
    conclusions = list(db.scalars(_of(Conclusion, col(Conclusion.supervision_id), [supervision.id])))
    body = db.get_one(Organization, supervision.delegation_id)
    yield "supervision.json", _lines([{**_row(supervision), "delegation": body.name}])
    yield "conclusions.jsonl", _lines(_row(one, without=("text",)) for one in conclusions)
    for one in conclusions:
        yield f"sources/{one.code}.txt", one.text.encode()
    yield "directives.jsonl", _lines(_row(one) for one in directives)
    yield (
        "obligations.jsonl",
        _lines(_row(one) for one in db.scalars(_of(Obligation, col(Obligation.directive_id), ids))),
    )
    yield (
        "evidence.jsonl",
        _lines(
            _row(one, without=("stored_as",))
            for one in db.scalars(_of(Attachment, col(Attachment.directive_id), ids))
        ),
    )
    yield "mails.jsonl", _lines(_mails(db, ids))
    yield "events.jsonl", _events(db, set(ids))
    yield "seals.jsonl", _lines(_row(one) for one in db.scalars(select(Seal).order_by(col(Seal.id))))


def _of(table: Any, column: Any, ids: list[int]) -> Any:
    return select(table).where(column.in_(ids)).order_by(table.id)


def _row(one: SQLModel, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: value for name, value in one.model_dump(mode="json").items() if name not in without}


def _mails(db: Session, ids: list[int]) -> Iterator[dict[str, Any]]:
    """Who was told what and when; not the mail's words, which live in the events and directives."""
    columns: tuple[Any, ...] = (Notice, col(Person.name), col(Person.email), Message)
    query = (
        select(*columns)
        .outerjoin(Person, col(Person.id) == col(Notice.person_id))
        .outerjoin(Message, col(Message.key) == col(Notice.bundle))
        .where(col(Notice.directive_id).in_(ids))
        .order_by(col(Notice.id))
    )
    for notice, name, email, message in db.execute(query):
        yield {
            **_row(notice), "person": name, "email": email,
            "message_id": message.header_id if message else None,
            "message_status": message.status.value if message else None,
            "handed_over_at": message.handed_over_at.isoformat() if message and message.handed_over_at else None,
            "sha256": hashlib.sha256(message.mime).hexdigest() if message and message.mime else None,
        }  # fmt: skip


def _events(db: Session, ids: set[int]) -> bytes:
    """Whole for this supervision, as `{"id", "sha256"}` for every other."""
    lines = []
    for event in db.scalars(select(Event).order_by(col(Event.id))):
        if event.directive_id in ids:
            lines.append(audit.canonical(event))
        else:
            lines.append(_json({"id": event.id, "sha256": audit.digest_of(event)}))
    return b"".join(line + b"\n" for line in lines)


def _json(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _lines(rows: Any) -> bytes:
    return b"".join(_json(row) + b"\n" for row in rows)


def _zipped(files: dict[str, bytes]) -> bytes:
    """The same content gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return out.getvalue()
