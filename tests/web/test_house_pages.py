"""The letterhead and the jobs: on their pages, for programs, by command."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
from celery import Celery
from sqlalchemy import select
from sqlmodel import col

from config.database import reading, writing
from tasks import job_log
from tests.web.api.program import Program
from tests.web.house import CONCLUSION, House
from workflow import audit, job_runs
from workflow.access import SYSTEM
from workflow.errors import NotFound
from workflow.models.event import Event
from workflow.models.job_run import JobRun

HEAD = {
    "body": "Đoàn giám sát số 9",
    "parent_body": "Tỉnh ủy Lam Giang",
    "place": "Lam Giang",
    "layout": "dang",
}
AT = datetime(2026, 8, 20, 2, tzinfo=UTC)


def _runs(house: House) -> list[JobRun]:
    with reading(house.engine) as db:
        return list(db.scalars(select(JobRun).order_by(col(JobRun.name))))


def test_a_letterhead_written_here_heads_the_next_paper(house: House) -> None:
    quan = house.enter("quan")
    assert "theo cấu hình" in quan.page("/quan-tri/tieu-de")
    assert quan.send("/quan-tri/tieu-de", "/quan-tri/tieu-de", version="0", **HEAD).status_code == 303
    paper = quan.get("/bao-cao/tep?report=weekly&format=docx").content
    words = " ".join(
        cell.text for row in docx.Document(io.BytesIO(paper)).tables[0].rows for cell in row.cells
    )
    assert "ĐOÀN GIÁM SÁT SỐ 9" in words.upper()
    assert "TỈNH ỦY LAM GIANG" in words.upper()
    event = house.world.rows(Event)[-1]
    assert event.act == "letterhead.change"
    assert event.detail is not None
    assert event.detail["body"] == ["Đoàn giám sát", "Đoàn giám sát số 9"]


def test_who_saves_a_letterhead_second_sees_both_and_loses_nothing(house: House) -> None:
    quan = house.enter("quan")
    quan.send("/quan-tri/tieu-de", "/quan-tri/tieu-de", version="0", **HEAD)
    late = quan.send(
        "/quan-tri/tieu-de", "/quan-tri/tieu-de", version="0", **{**HEAD, "body": "Tên của người sau"}
    )
    assert late.status_code == 409
    assert "Đoàn giám sát số 9" in late.text
    assert 'value="Tên của người sau"' in late.text
    assert 'name="version" value="1"' in late.text
    again = quan.send(
        "/quan-tri/tieu-de", "/quan-tri/tieu-de", version="1", **{**HEAD, "body": "Tên của người sau"}
    )
    assert again.status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"body": ""}, {"body": "x" * 301}, {"layout": "khac"}, {"place": "x" * 101}]
)
def test_a_letterhead_nobody_could_print_is_refused_and_kept_in_the_form(
    house: House, wrong: dict[str, str]
) -> None:
    answer = house.enter("quan").send(
        "/quan-tri/tieu-de", "/quan-tri/tieu-de", version="0", **{**HEAD, **wrong}
    )
    assert answer.status_code == 422
    assert 'value="Tỉnh ủy Lam Giang"' in answer.text


def test_a_program_writes_the_letterhead_it_read(house: House) -> None:
    quan = Program.with_cookie(house, "quan")
    read = quan.get("/letterhead").json()
    assert (read["body"], read["version"]) == ("Đoàn giám sát", 0)
    assert quan.send("PUT", "/letterhead", {**HEAD, "version": 0}).json()["version"] == 1
    assert quan.send("PUT", "/letterhead", {**HEAD, "version": 0}).status_code == 409


def test_the_jobs_page_shows_last_run_outcome_and_next(house: House) -> None:
    with writing(house.engine) as db:
        job_runs.note(db, "dondoc.seal", AT, timedelta(seconds=1.25), None)
        job_runs.note(db, "dondoc.sweep", AT, timedelta(seconds=3), "Cơ sở dữ liệu <b>không</b> trả lời")
    page = house.enter("quan").page("/quan-tri/tien-trinh")
    assert "1.25" in page
    assert "&lt;b&gt;không&lt;/b&gt;" in page
    assert page.count("Chưa chạy") == 7
    rows = {one["name"]: one for one in Program.with_cookie(house, "quan").get("/jobs").json()["rows"]}
    assert rows["seal"]["error"] is None
    assert rows["seal"]["next_at"].startswith("2026-08-20T02:01")
    assert rows["seal"]["is_late"]
    assert rows["sweep"]["next_at"].startswith("2026-08-20T18:30")
    assert rows["housekeeping"]["began_at"] is None


def test_a_failure_keeps_when_it_last_went_well(house: House) -> None:
    with writing(house.engine) as db:
        job_runs.note(db, "dondoc.seal", AT, timedelta(seconds=1), None)
        job_runs.note(db, "dondoc.seal", AT + timedelta(hours=1), timedelta(seconds=2), "x" * 900)
    [row] = _runs(house)
    assert row.done_at == AT + timedelta(seconds=1)
    assert row.error == "x" * 300


@pytest.fixture
def noted(house: House, monkeypatch: pytest.MonkeyPatch) -> Celery:
    """Two jobs of a worker that runs them at once, and notes them in this house's database."""
    monkeypatch.setattr(job_log, "engine", lambda: house.engine)
    monkeypatch.setattr(job_log, "LOG", job_log.Log())
    app = Celery("noted", set_as_current=False)
    app.conf.update(task_always_eager=True, task_ignore_result=True)

    @app.task(name="dondoc.good", shared=False)
    def good() -> None:
        """Goes well."""

    @app.task(name="dondoc.bad", shared=False)
    def bad(secret: bool) -> None:
        if secret:
            raise RuntimeError("password=hunter2")
        raise NotFound(what={"vi": "đêm", "en": "Night"}, code="2026-08-20")

    return app


def test_each_run_of_a_worker_is_noted_and_strangers_words_are_not(house: House, noted: Celery) -> None:
    noted.tasks["dondoc.good"].delay()
    noted.tasks["dondoc.bad"].delay(True)
    rows = {row.name: row for row in _runs(house)}
    assert rows["dondoc.good"].error is None
    assert rows["dondoc.bad"].error == "RuntimeError"
    noted.tasks["dondoc.bad"].delay(False)
    rows = {row.name: row for row in _runs(house)}
    assert "2026-08-20" in (rows["dondoc.bad"].error or "")


def test_a_job_that_goes_well_often_is_noted_seldom(house: House, noted: Celery) -> None:
    noted.tasks["dondoc.good"].delay()
    [first] = _runs(house)
    noted.tasks["dondoc.good"].delay()
    [second] = _runs(house)
    assert first.began_at == second.began_at


def test_the_journal_is_read_line_by_line_and_narrowed(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    ky = house.enter("ky")
    page = ky.page("/quan-tri/nhat-ky")
    assert "sign_in" in page
    assert "how: link" in page
    only = ky.page("/quan-tri/nhat-ky?loc=sign_")
    assert "how: link" in only
    assert "issue" not in only.split("<tbody")[1]
    assert "Không có dòng nào khớp" in ky.page("/quan-tri/nhat-ky?loc=khong-co")
    assert "Không có dòng nào khớp" in ky.page("/quan-tri/nhat-ky?truoc=1")


def test_the_journal_turns_its_pages(house: House) -> None:
    quan = house.enter("quan")
    with writing(house.engine) as db:
        for number in range(60):
            audit.record(db, SYSTEM, f"trial.{number:02d}", at=AT, on=AT.date())
    first = quan.page("/quan-tri/nhat-ky?loc=trial.")
    assert "trial.59" in first
    assert "trial.09" not in first
    older = re.search(r"/quan-tri/nhat-ky\?truoc=\d+&amp;loc=trial\.", first)
    assert older is not None
    second = quan.page(older[0].replace("&amp;", "&"))
    assert second.count("trial.") >= 10
    assert "trial.09" in second
    assert "trial.10" not in second


def test_names_a_conclusion_may_call_a_body_by_are_known_to_the_reader(house: House) -> None:
    ada = house.enter("ada")
    names = {"body_name": "Sở Công Thương", "aliases": " Ngành Công Thương \n\nSở CT\nSở CT"}
    assert ada.send("/co-quan/sct", "/co-quan/sct", **names).status_code == 303
    assert "còn gọi là Ngành Công Thương, Sở CT" in ada.page("/co-quan/sct")
    pasted = CONCLUSION.replace("yêu cầu Sở Công Thương", "yêu cầu Ngành Công Thương")
    taken = ada.send("/ket-luan/moi", "/ket-luan/moi", supervision="GS14", text=pasted)
    assert taken.status_code == 303
    assert '<option value="sct" selected' in ada.page(taken.headers["location"])
    event = next(one for one in house.world.rows(Event) if one.act == "organization.edit")
    assert event.detail is not None
    assert event.detail["aliases"][1] == ["Ngành Công Thương", "Sở CT"]


def test_a_refused_name_keeps_what_was_typed_and_who_may_not_is_told(house: House) -> None:
    ada = house.enter("ada")
    refused = ada.send("/co-quan/sct", "/co-quan/sct", body_name="", aliases="Sở CT")
    assert refused.status_code == 422
    assert ">Sở CT</textarea>" in refused.text
    ben = house.enter("ben")
    assert ben.send("/co-quan/sct", "/toi", body_name="Khác").status_code == 403
