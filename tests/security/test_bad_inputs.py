"""One catalogue through every door: refused with a sentence, nothing half saved, and the page of it is true."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.cli.conftest import Shell
from tests.inbound_letters import room
from tests.security import bad_inputs, foreign_inputs, named_inputs
from tests.security.bad_inputs import Answer, Case, Doors
from tests.web.api.program import Program
from tests.web.house import House
from tests.web.postbox import token_of
from tests.world import at
from workflow.drafts import Draft
from workflow.models.link import AnswerLink

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/bad-input.md"
TODAY = date(2026, 8, 20)
HEAD = """# Dữ liệu xấu / Bad input

Mỗi dòng là một lần thử thật qua một cửa; không dòng nào ghi nửa chừng. Bảng này do `tests/security/test_bad_inputs.py` viết khi
chạy với `DONDOC_WRITE_TABLES=1`, và kiểm lại ở mọi lần chạy khác.
*Each line was tried through its door; none saved a part. Written and checked by `tests/security/test_bad_inputs.py`.*

| loại / kind | đưa vào / given | cửa / door | nhận được / got | đã ghi / kept |
|---|---|---|---|---|
"""


@pytest.fixture
def doors(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Doors]:
    house = House(engine, tmp_path)
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.take_in(TODAY)
    token = token_of(house, "ben")
    dead_token = taken_back(house)
    for name, value in {
        "HOME": tmp_path, "DATABASE_URL": database_url, "LOG_LEVEL": "ERROR", "CLOCK_FILE": tmp_path / "clock",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"DONDOC_{name}", str(value))
    (tmp_path / "in").mkdir()
    with room(engine, house.world, tmp_path / "room", at(TODAY)) as inbox:
        yield Doors(
            engine, house.enter("ada"), house.enter("ben"), house.enter("quan"),
            Program.with_token(house, "ben"), Shell(tmp_path), tmp_path / "in", inbox,
            Program.with_token(house, "ada"), house.browser(), token, dead_token,
        )  # fmt: skip


def taken_back(house: House) -> str:
    """The link of another agency, revoked by the secretary."""
    house.world.issue_all(
        [Draft(code="GS14-90", supervision="GS14", text="Việc khác", lead="syt", due_on=date(2026, 9, 30))]
    )
    token = token_of(house, "cleo")
    page = "/nhiem-vu/GS14-90/lien-ket"
    number = str(house.world.rows(AnswerLink)[-1].id)
    assert house.enter("ada").send(page, page, act="revoke", link=number).status_code == 303
    return token


def line(case: Case, answer: Answer) -> str:
    kept = case.kept_as or ("lá thư, để người đọc / the letter" if case.keeps else "không / nothing")
    given = case.given.replace("|", "\\|").replace("\n", " ")
    return f"| {case.kind} | `{given}` | {case.door} | {answer.status} | {kept} |"


@pytest.mark.timeout(300)
def test_bad_input_is_refused_in_words_and_leaves_nothing_behind(doors: Doors, database_url: str) -> None:
    wrong, written = [], []
    for case in (*bad_inputs.cases(), *foreign_inputs.cases(), *named_inputs.cases()):
        before = doors.rows()
        answer = case.attempt(doors)
        told = answer.status == 200 or (bool(answer.said.strip()) and case.says in answer.said)
        kept = {
            name: count
            for name, count in doors.rows().items()
            if count != before[name] and name not in case.keeps
        }
        if answer.status not in case.status or kept or not told or "Traceback" in answer.said:
            wrong.append((case.kind, case.given, case.door, answer.status, answer.said[:150], kept))
        written.append(line(case, answer))
    assert not wrong, "\n".join(map(str, wrong))
    if database_url.startswith("sqlite"):
        page = HEAD + "\n".join(written) + "\n"
        if os.environ.get("DONDOC_WRITE_TABLES"):
            PAGE.write_text(page, encoding="utf-8")
        assert PAGE.read_text(encoding="utf-8") == page
