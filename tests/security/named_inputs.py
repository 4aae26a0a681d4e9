"""The catalogue, third part: names that look like others, and names that files travel under."""

import base64
import json
import re
from datetime import timedelta
from urllib.parse import unquote

from sqlalchemy import select
from sqlmodel import col

from config import attachments
from config.database import reading
from tests.inbound_letters import PDF, letter, with_file
from tests.security.bad_inputs import REFUSED, Answer, Case, Doors, Try, notes
from workflow.lookalikes import shown
from workflow.models.attachment import Attachment

LOOKALIKES = (
    ("Sở Сông Thương", "Sở Công Thương (sct)"),
    ("Sở Cô\u200bng Thương", "U+200B"),
    ("Sở \u202eCông Thương", "U+202E"),
    ("Ѕở Ү tế", "Sở Y tế (syt)"),
)
PERSON = ("Вen", "Ben <ben@lamgiang.example>")
FILE_NAMES = (
    ("a" * 300 + ".pdf", "a" * 195 + "….pdf"),
    ("CON", "_CON"),
    ("con.pdf", "_con.pdf"),
    ("a/b.pdf", "b.pdf"),
    ("..\\..\\b.pdf", "b.pdf"),
    ("báo cáo 🙂.pdf", "báo cáo 🙂.pdf"),
    ("bao-cao-\u202efdp.pdf", "bao-cao-fdp.pdf"),
)
NEWLINE = ("dòng\r\nX-Set: 1.pdf", "dòng X-Set_ 1.pdf")  # a browser writes it as %0D%0A
KEPT = ("attachment", "event", "obligation", "obligation_past", "message", "notice")


def body_by_page(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        sent = doors.quan.send("/co-quan", "/co-quan", code="moi", name=name, kind="agency")
        return Answer(sent.status_code, notes(sent.text))

    return attempt


def body_by_api(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        sent = doors.secretary.post("/organizations", {"code": "moi", "name": name})
        return Answer(sent.status_code, json.dumps(sent.json(), ensure_ascii=False))

    return attempt


def body_by_command(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        said = doors.shell("agency", "add", "moi", "--name", name)
        return Answer(said.code, said.err)

    return attempt


def body_by_import(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        path = doors.folder / "danh-ba.yaml"
        rows = {"organizations": [{"code": "moi", "name": name, "kind": "agency"}]}
        path.write_text(json.dumps(rows), encoding="utf-8")
        said = doors.shell("--yes", "import", str(path))
        return Answer(said.code, said.err + said.out)

    return attempt


def person_by_page(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        page = "/co-quan/syt"
        sent = doors.quan.send(
            f"{page}/dau-moi", page, act="add", name=name, email="x@y.example", position="clerk"
        )
        return Answer(sent.status_code, notes(sent.text))

    return attempt


def person_by_api(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        wanted = {"email": "x@y.example", "position": "clerk", "name": name}
        sent = doors.secretary.post("/organizations/syt/contacts", wanted)
        return Answer(sent.status_code, json.dumps(sent.json(), ensure_ascii=False))

    return attempt


def file_by_page(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        page, given = "/nhiem-vu/GS14-01", {"move": "progress", "progress.note": "Đang làm"}
        sent = doors.ben.client.post(
            page, data={"form_key": doors.ben.key(page), **given},
            files=[("progress.evidence", (name, PDF, "application/pdf"))],
        )  # fmt: skip
        return offered(doors, sent.status_code)

    return attempt


def file_by_api(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        file = {"name": name, "content": base64.b64encode(PDF).decode()}
        body = {"move": "progress", "version": version(doors), "text": "Đang làm", "files": [file]}
        return offered(doors, doors.program.post("/directives/GS14-01/moves", body).status_code)

    return attempt


def file_by_mail(name: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        doors.room.now += timedelta(hours=2)
        mail = with_file(letter("TIẾN ĐỘ\nĐang làm", "ben", doors.room.address()), "TEN", PDF)
        coded = base64.b64encode(name.encode()).decode().encode()
        row = doors.room.take(mail.as_bytes().replace(b'"TEN"', b'"=?utf-8?b?' + coded + b'?="'))
        with reading(doors.engine) as db:
            newest = db.scalars(select(Attachment).order_by(col(Attachment.id).desc())).first()
        kept = (
            newest is not None
            and (attachments.folder(doors.folder.parent / "room") / newest.stored_as).is_file()
        )
        return Answer(str(row.outcome), newest.name if newest is not None and kept else "")

    return attempt


def version(doors: Doors) -> int:
    return int(doors.program.get("/directives/GS14-01").json()["version"])


def offered(doors: Doors, status: int) -> Answer:
    """The name a browser is told to save the newest file under; `status` stays that of the upload."""
    with reading(doors.engine) as db:
        newest = db.scalars(select(Attachment).order_by(col(Attachment.id).desc())).first()
    if newest is None or not re.fullmatch(r"[0-9a-f]{32}", newest.stored_as):
        return Answer(status, "")
    page = doors.ben.client.get(f"/nhiem-vu/GS14-01/tep/{newest.id}")
    header = page.headers.get("content-disposition", "")
    found = re.fullmatch(r"attachment; filename(?:\*=utf-8''|=\")([^\"]*)\"?", header)
    return Answer(status, unquote(found[1]) if found else f"[{header}]")


def shorten(name: str) -> str:
    return name if len(name) < 60 else f"{name[:20]} … {name[-20:]} ({len(name)})"


def cases() -> list[Case]:
    found: list[Case] = []
    doors = {"page": body_by_page, "api": body_by_api, "cli": body_by_command, "import": body_by_import}
    for name, why in LOOKALIKES:
        for door, attempt in doors.items():
            refused = (2, 3) if door == "import" else REFUSED[door]
            found.append(Case("tên / name", shown(name), door, attempt(name), refused, says=why))
    found.append(
        Case("tên / name", PERSON[0], "page", person_by_page(PERSON[0]), REFUSED["page"], says="Ben")
    )
    found.append(
        Case("tên / name", PERSON[0], "api", person_by_api(PERSON[0]), REFUSED["api"], says=PERSON[1])
    )
    kind = "tên tệp / file name"
    for name, kept in (*FILE_NAMES, NEWLINE):
        said, as_it_is = shown(name)[:60], f"`{shorten(kept)}`"
        if (name, kept) != NEWLINE:
            found.append(Case(kind, said, "page", file_by_page(name), (303,), KEPT, kept, as_it_is))
        found.append(Case(kind, said, "api", file_by_api(name), (201,), KEPT, kept, as_it_is))
        found.append(Case(kind, said, "mail", file_by_mail(name), ("applied",), KEPT, kept, as_it_is))
    return found
