"""The catalogue: what went in, through which door, and what must come of it."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient

from config.database import reading
from tests.cli.conftest import Shell
from tests.inbound_letters import Room
from tests.web.api.program import Program
from tests.web.house import Guest
from workflow.models.registry import TABLES

REFUSED = {"page": (400, 403, 404, 413, 422), "api": (400, 404, 409, 413, 422), "cli": (1, 2, 3), "mail": ()}


@dataclass(frozen=True)
class Answer:
    """`status`: HTTP status, exit code, or what became of the mail."""

    status: int | str
    said: str


@dataclass
class Doors:
    engine: Engine
    ada: Guest
    ben: Guest
    quan: Guest
    program: Program
    shell: Shell
    folder: Path
    room: Room
    secretary: Program
    anybody: TestClient
    token: str
    dead_token: str

    def rows(self) -> dict[str, int]:
        """Everything that could have been half saved; what only says that somebody asked is left out."""
        quiet = {"inbound_mail", "idempotency_key", "one_time_code", "sign_in", "mail_answer", "api_token"}
        with reading(self.engine) as db:
            return {
                str(table.__tablename__): db.scalar(select(func.count()).select_from(table)) or 0
                for table in TABLES
                if table.__tablename__ not in quiet
            }


Try = Callable[[Doors], Answer]


@dataclass(frozen=True)
class Case:
    """`keeps`: the tables that may say that something came, such as the journal of a mail that is held.
    `says`: part of the sentence, where another reason would be wrong too. `kept_as`: how it is kept, if it is.
    """

    kind: str
    given: str
    door: str
    attempt: Try
    status: tuple[int | str, ...]
    keeps: tuple[str, ...] = ()
    says: str = ""
    kept_as: str = ""


def bomb(entries: int, size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(entries):
            archive.writestr(f"word/x{number}.xml", b"0" * size)
    return out.getvalue()


def docx(xml: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


XXE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
)
FILES: tuple[tuple[str, str, bytes], ...] = (
    ("tệp rỗng / empty file", "a.txt", b""),
    ("chỉ khoảng trắng / only spaces", "a.txt", b" \n\t \r\n"),
    ("tệp 26 MB / 26 MB", "a.txt", b"a" * (26 * 2**20)),
    ("docx nén 1 MB thành 200 MB / zip bomb", "a.docx", bomb(2, 100 * 2**20)),
    ("docx 3.000 mục / 3,000 entries", "a.docx", bomb(3000, 1)),
    ("docx gọi tệp của máy (XXE) / external entity", "a.docx", docx(XXE)),
    ("docx nhân đôi mãi (billion laughs)", "a.docx", docx(LAUGHS)),
    ("pdf hỏng / broken pdf", "a.pdf", b"%PDF-1.7 nothing"),
    ("chương trình đội tên .pdf / EXE named .pdf", "a.pdf", b"MZ\x90\x00" + b"\0" * 200),
    ("zip đội tên .docx / plain zip", "a.docx", bomb(1, 10)),
)
DAYS = (
    ("30/2/2026", "2026-02-30"), ("31/4/2027", "2027-04-31"), ("29/2/2027", "2027-02-29"), ("00/01/2027", "2027-01-00"),
    ("1/13/2026", "2026-13-01"), ("20226", "20226"), ("cuối quý", "cuối quý"), ("18/8", "18/8"), ("1/1/26x", "1/1/26x"),
)  # fmt: skip
PAST = ("10/01/2020", "2020-01-10")
ADDRESSES = (
    "a@b.vn\r\nBcc: x@y.example", '"a\r\n"@b.example', "a@b.example,c@d.example", "a@@b.example", "a" * 300 + "@b.example",
    "a@b.example.", "khong-co-a-cong", "@b.example", "a b@c.example",
)  # fmt: skip
POLICIES = (
    ("dấu Tab / a tab", "title:\n\tvi: a"),
    ("khóa lặp / duplicate key", "zone: Asia/Ho_Chi_Minh\nzone: UTC"),
    ("neo lặp / alias", "a: &x 1\nb: *x"),
    ("khóa lạ / unknown key", "khong_co: 1"),
    ("múi giờ lạ / unknown zone", "zone: Mars/Olympus"),
    ("không phải YAML / not YAML", "{]"),
    ("rỗng / empty", ""),
    ("gọi mã / runs code", "a: !!python/object/apply:os.system ['true']"),
)
BODIES: tuple[tuple[str, object], ...] = (
    ("thiếu trường / missing field", {}),
    ("trường lạ / extra field", {"move": "progress", "version": 2, "text": "a", "state": "done"}),
    ("sai kiểu / wrong type", {"move": 5, "version": "x"}),
    ("số quá lớn / huge number", {"move": "progress", "version": 10**30, "text": "a"}),
    ("NUL", {"move": "progress", "version": 2, "text": "a\x00b"}),
    ("động tác không có / unknown move", {"move": "nuke", "version": 2}),
    ("danh sách / a list", [1, 2]),
    ("không có gì / null", None),
    ("chữ / a string", "report"),
)
QUERIES = (
    "q=" + "a" * 10_000,
    "q=%25%25_%5C",
    "q=%00",
    "q=%ED%A0%80",
    "limit=1000000000",
    "limit=-1",
    "sort=;drop",
    "after=zzz",
    "page=-1",
)


def upload(name: str, content: bytes) -> Try:
    def attempt(doors: Doors) -> Answer:
        sent = doors.ada.send(
            "/ket-luan/moi", "/ket-luan/moi", supervision="GS14", files={"file": (name, content)}
        )
        return Answer(sent.status_code, notes(sent.text))

    return attempt


def read_file(name: str, content: bytes) -> Try:
    def attempt(doors: Doors) -> Answer:
        path = doors.folder / name
        path.write_bytes(content)
        said = doors.shell("conclusion", "read", str(path))
        return Answer(said.code, said.err)

    return attempt


def notes(html: str) -> str:
    """The sentences a page answers with."""
    import re

    found = re.findall(r'<div class="note bad"[^>]*>(.*?)</div></div>', html, re.DOTALL)
    found += re.findall(
        r'<(?:p|span|div) class="(?:field-)?err(?:or)?"[^>]*>(.*?)</(?:p|span|div)>', html, re.DOTALL
    )
    said = " ".join(re.sub(r"<[^>]+>", " ", one) for one in found)
    return " ".join(said.split())


def extend_by_page(day: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        given = {"request_extension.due_on": day, "request_extension.reason": "Mưa"}
        page = "/nhiem-vu/GS14-01"
        sent = doors.ben.client.post(
            page, data={"form_key": doors.ben.key(page), "move": "request_extension", "version": "2", **given}
        )
        return Answer(sent.status_code, notes(sent.text))

    return attempt


def extend_by_api(day: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        body = {"move": "request_extension", "version": 2, "due_on": day, "reason": "Mưa"}
        sent = doors.program.post("/directives/GS14-01/moves", body)
        return Answer(sent.status_code, sent.text)

    return attempt


def extend_by_command(day: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        said = doors.shell(
            "--yes",
            "directive",
            "extension",
            "request",
            "GS14-01",
            "--due",
            day,
            "--reason",
            "Mưa",
            who="ben",
        )
        return Answer(said.code, said.err)

    return attempt


def extend_by_mail(day: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        doors.room.now += timedelta(hours=2)  # or the limit of mails for each hour would answer instead
        row = doors.room.answer(f"GIA HẠN {day} vì mưa lũ")
        return Answer(str(row.outcome), row.reason or "")

    return attempt


def contact_by_page(address: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        page = "/co-quan/sct"
        sent = doors.quan.send(f"{page}/dau-moi", page, act="add", name="An", email=address, position="clerk")
        return Answer(sent.status_code, notes(sent.text))

    return attempt


def contact_by_command(address: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        said = doors.shell(
            "agency", "contact", "add", "sct", "--name", "An", "--email", address, "--position", "clerk"
        )
        return Answer(said.code, said.err)

    return attempt


def policy_by_page(source: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        page = "/chinh-sach/sua"
        sent = doors.quan.send(page, page, act="publish", source=source)
        return Answer(sent.status_code, notes(sent.text))

    return attempt


def policy_by_command(source: str) -> Try:
    def attempt(doors: Doors) -> Answer:
        path = doors.folder / "p.yaml"
        path.write_text(source, encoding="utf-8")
        said = doors.shell("--yes", "policy", "publish", str(path))
        return Answer(said.code, said.err or said.out)

    return attempt


def move_by_api(body: object) -> Try:
    def attempt(doors: Doors) -> Answer:
        sent = doors.program.post("/directives/GS14-01/moves", body)
        return Answer(sent.status_code, sent.text)

    return attempt


def raw_by_api(content: bytes) -> Try:
    def attempt(doors: Doors) -> Answer:
        headers = {**doors.program.headers, "content-type": "application/json"}
        sent = doors.program.client.post("/api/v1/directives/GS14-01/moves", content=content, headers=headers)
        return Answer(sent.status_code, sent.text)

    return attempt


def ask(path: str, *, api: bool) -> Try:
    def attempt(doors: Doors) -> Answer:
        sent = doors.program.client.get(path, headers=doors.program.headers) if api else doors.ada.get(path)
        return Answer(sent.status_code, "" if sent.status_code == 200 else sent.text[:300])

    return attempt


def cases() -> list[Case]:
    found: list[Case] = []
    for said, name, content in FILES:
        found.append(Case("tệp / file", said, "page", upload(name, content), REFUSED["page"]))
        found.append(Case("tệp / file", said, "cli", read_file(name, content), REFUSED["cli"]))
    for typed, iso in (*DAYS, PAST):
        found.append(Case("ngày / day", typed, "page", extend_by_page(typed), REFUSED["page"]))
        found.append(Case("ngày / day", typed, "api", extend_by_api(iso), REFUSED["api"]))
        found.append(Case("ngày / day", typed, "cli", extend_by_command(typed), REFUSED["cli"]))
        found.append(Case("ngày / day", typed, "mail", extend_by_mail(typed), ("asked", "refused", "held")))
    for address in ADDRESSES:
        said = address.replace("\r\n", "⏎")[:40]
        found.append(Case("địa chỉ / address", said, "page", contact_by_page(address), REFUSED["page"]))
        found.append(Case("địa chỉ / address", said, "cli", contact_by_command(address), REFUSED["cli"]))
    for said, source in POLICIES:
        found.append(Case("chính sách / policy", said, "page", policy_by_page(source), REFUSED["page"]))
        found.append(Case("chính sách / policy", said, "cli", policy_by_command(source), REFUSED["cli"]))
    found += [Case("JSON", said, "api", move_by_api(body), REFUSED["api"]) for said, body in BODIES]
    for said, content in (
        ("sâu 10.000 / depth 10,000", b"[" * 10_000), ("không phải JSON", b"{]"), ("NaN", b'{"move": NaN}'),
        ("khóa lặp / duplicate key", b'{"move": "progress", "move": "report", "version": 2}'),
    ):  # fmt: skip
        found.append(Case("JSON", said, "api", raw_by_api(content), REFUSED["api"]))
    for query in QUERIES:
        allowed = (200, *REFUSED["page"])
        found.append(Case("tìm / query", query[:30], "page", ask(f"/nhiem-vu?{query}", api=False), allowed))
        found.append(
            Case("tìm / query", query[:30], "api", ask(f"/api/v1/directives?{query}", api=True), allowed)
        )
    return found
