"""What a caller may not send: unknown fields, doubtful JSON, too much of anything."""

import json
from base64 import b64encode
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import col

from config.database import reading
from tests.web.api.matrix import TABLE
from tests.web.api.program import V1, Program
from tests.web.house import House
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.registry import TABLES
from workflow.store.paging import cursor

WRITES = [one for one in TABLE if one.body is not None]
COLUMNS = sorted({column.name for table in TABLES for column in table.__table__.columns})  # type: ignore[attr-defined]
NAMES = st.sampled_from(COLUMNS) | st.text(min_size=1, max_size=20)
VALUES = st.sampled_from(["done", "administrator", "2030-01-01", 1, True, None, ["sct"], {"id": 1}])


def _events(house: House) -> int:
    with reading(house.engine) as db:
        return db.scalar(select(func.count(col(Event.id)))) or 0


def test_no_extra_field_is_taken_by_any_write(lived_in: House) -> None:
    quan = Program.with_cookie(lived_in, "quan")
    before = _events(lived_in)

    @settings(
        max_examples=150, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(one=st.sampled_from(WRITES), name=NAMES, value=VALUES)
    def each(one: Any, name: str, value: Any) -> None:
        known = {"role", "active", "name", "reason", "version", "night", "lead", "due_on", "title", "text"}
        if name in {*one.body, *known} or name.isspace() or "\x00" in name:
            name = "x_" + str(abs(hash(name)))
        answer = quan.client.request(
            one.method, one.address, json={**one.body, name: value}, headers=quan.headers
        )
        if answer.status_code < 300:
            raise AssertionError((one.path, name))

    each()
    assert _events(lived_in) == before


@pytest.mark.parametrize(
    "field", ["state", "due_on", "lead_id", "lead", "closed_on", "version_", "original_due_on"]
)
def test_an_agency_sets_nothing_but_what_a_move_asks_for(lived_in: House, ben: Program, field: str) -> None:
    value = {"due_on": "2030-01-01", "lead": "syt"}.get(field, "done")
    ben.post("/directives/GS14-01/moves", {"move": "acknowledge", "version": 2, field: value})
    with reading(lived_in.engine) as db:
        directive = db.scalars(select(Directive).where(col(Directive.code) == "GS14-01")).one()
    assert directive.state in ("issued", "acknowledged")
    assert f"{directive.due_on}" == f"{directive.original_due_on}" == "2026-09-30"
    assert directive.lead_id is not None
    assert directive.closed_on is None


DEEP = '{"move": ' + "[" * 10_000 + "]" * 10_000 + "}"
DOUBTFUL = [
    '{"move": "acknowledge", "version": NaN}', '{"move": "acknowledge", "version": Infinity}',
    '{"move": "acknowledge", "move": "report", "version": 2}', DEEP, '{"move": "a", "version": 2', "", "[]", "null",
    '{"move": "acknowledge\\u0000", "version": 2}', '{"move": "\\ud800", "version": 2}',
    '{"move": "acknowledge", "version": ' + "9" * 5_000 + "}", '{"move": "acknowledge", "version": 1e999}',
    '{"move": "acknowledge", "version": 2, "a": ' + "[" * 30 + "]" * 30 + "}",
]  # fmt: skip


@pytest.mark.parametrize("body", DOUBTFUL, ids=range(len(DOUBTFUL)))
def test_doubtful_json_is_refused_and_changes_nothing(lived_in: House, ben: Program, body: str) -> None:
    before = _events(lived_in)
    headers = {**ben.headers, "Content-Type": "application/json"}
    refused = ben.client.post(f"{V1}/directives/GS14-01/moves", content=body.encode(), headers=headers)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"]
    assert _events(lived_in) == before


def test_broken_utf_8_is_refused(ben: Program) -> None:
    headers = {**ben.headers, "Content-Type": "application/json"}
    refused = ben.client.post(f"{V1}/directives/GS14-01/moves", content=b'{"move": "\xff"}', headers=headers)
    assert refused.status_code == 422


def test_too_much_is_refused_while_it_is_read(ben: Program) -> None:
    sent = 0

    def parts() -> Any:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 1024 * 512

    headers = {**ben.headers, "Content-Type": "application/json"}
    refused = ben.client.post(f"{V1}/me/tokens", content=parts(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=1e9", "sort=;drop", "after=x", "level=-1", "due_from=30/02/2026"]
)
def test_a_list_asked_for_wrongly_is_refused_at_the_field(ben: Program, query: str) -> None:
    refused = ben.client.get(f"{V1}/directives?{query}")
    assert refused.status_code == 422
    assert query.partition("=")[0] in refused.json()["errors"][0]["field"]


@pytest.mark.parametrize(
    "path", ["/directives/GS%00", "/directives?q=%00", "/messages?after=%00", "/organizations/%00"]
)
def test_a_nul_in_an_address_leads_nowhere(ben: Program, path: str) -> None:
    assert ben.client.get(V1 + path).status_code == 404


def test_a_refusal_speaks_the_language_asked_for_and_names_the_moves_allowed(ben: Program) -> None:
    wrong = {"move": "accept", "version": 2}
    vi = ben.post("/directives/GS14-01/moves", wrong).json()
    en = ben.post("/directives/GS14-01/moves?lang=en", wrong).json()
    assert vi["code"] == en["code"] == "move_not_allowed"
    assert (vi["title"], en["title"]) == ("Không làm được lúc này", "Not possible now")
    assert "acknowledge" in vi["moves"]
    assert vi["detail"] != en["detail"]


def test_every_fault_of_a_rules_file_is_named(lived_in: House) -> None:
    quan = Program.with_cookie(lived_in, "quan")
    refused = quan.post("/policies/check", {"source": "zone: Mars\n"})
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) > 3


def test_a_page_goes_on_where_it_ended_whatever_came_in_between(lived_in: House) -> None:
    for number in (11, 13, 15, 17):
        lived_in.world.issue(f"GS14-{number}", date(2026, 9, 30))
    ada = Program.with_cookie(lived_in, "ada")
    first = ada.get("/directives", sort="code", limit=3, state="issued").json()
    lived_in.world.issue("GS14-10", date(2026, 9, 30))
    second = ada.get("/directives", sort="code", limit=10, state="issued", after=first["after"]).json()
    seen = [row["code"] for row in (*first["rows"], *second["rows"])]
    assert seen == ["GS14-01", "GS14-11", "GS14-13", "GS14-15", "GS14-17"]


def test_evidence_sent_as_base64_is_kept_and_comes_back_as_it_was(lived_in: House, ben: Program) -> None:
    content = "Biên bản số 5".encode()
    file = {"name": "bien-ban.txt", "content": b64encode(content).decode()}
    made = ben.post(
        "/directives/GS14-01/moves", {"move": "report", "version": 2, "text": "Xong", "files": [file]}
    )
    assert made.status_code == 201
    kept = ben.get("/directives/GS14-01").json()["files"][0]
    back = ben.get(f"/directives/GS14-01/files/{kept['id']}")
    assert (kept["name"], back.content) == ("bien-ban.txt", content)
    assert back.headers["content-disposition"].startswith("attachment")


def test_a_refused_move_leaves_no_file_behind(lived_in: House, ben: Program) -> None:
    file = {"name": "a.txt", "content": b64encode(b"noi dung").decode()}
    ben.post("/directives/GS14-01/moves", {"move": "report", "version": 1, "text": "Xong", "files": [file]})
    assert list((lived_in.settings.home / "files").iterdir()) == []
    bad = {"name": "a.exe", "content": b64encode(b"MZ\x90\x00" + b"\x00" * 60).decode()}
    refused = ben.post(
        "/directives/GS14-01/moves", {"move": "report", "version": 2, "text": "Xong", "files": [bad]}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "kind_refused")


@pytest.mark.parametrize("content", ["không phải", "\x80", "YQ", "YQ==="])
def test_what_is_no_base64_is_told_with_the_file_it_is_for(ben: Program, content: str) -> None:
    bad = {"name": "a.txt", "content": content}
    refused = ben.post(
        "/directives/GS14-01/moves", {"move": "report", "version": 2, "text": "Xong", "files": [bad]}
    )
    assert refused.status_code == 422
    assert "a.txt" in refused.json()["detail"]


def test_the_document_is_for_those_signed_in_and_says_how_to_sign_in(ben: Program) -> None:
    assert ben.client.get(f"{V1}/openapi.json").json()["openapi"].startswith("3.1")
    assert json.dumps(ben.get("/openapi.json").json()).count('"token"') >= 2


def test_conclusions_are_read_page_by_page_newest_first(lived_in: House) -> None:
    ada = Program.with_cookie(lived_in, "ada")
    for number in range(2, 5):
        text = f"Giao Sở Y tế kiểm tra chợ số {number} trước ngày 30/9/2026."
        assert ada.post("/conclusions", {"supervision": "GS14", "text": text}).status_code == 201
    first = ada.get("/conclusions", limit=2).json()
    second = ada.get("/conclusions", limit=2, after=first["after"]).json()
    seen = [row["code"] for row in (*first["rows"], *second["rows"])]
    assert seen == ["GS14-KL4", "GS14-KL3", "GS14-KL2", "GS14-KL1"]
    assert second["after"] is None


@pytest.mark.parametrize("path", ["/messages", "/audit/events", "/conclusions"])
@pytest.mark.parametrize("key", ["9" * 40, "²", "-1", "x"])
def test_a_cursor_nobody_gave_finds_nothing_and_breaks_nothing(lived_in: House, path: str, key: str) -> None:
    answer = Program.with_cookie(lived_in, "quan").get(path, after=cursor((key,)))
    assert answer.status_code == 200
    assert answer.json()["rows"] == []
