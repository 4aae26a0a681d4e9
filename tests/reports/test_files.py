"""Files opened again by another library: types, filters, frozen headings, and nothing that could run."""

import csv
import io
import json
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import icalendar
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from config.database import reading
from reports import data_files, frames, paper, workbook
from reports.contents import report
from reports.document import Column, Orientation, Report, Table, entries
from reports.making import Office, docx_file, written
from reports.printed import html_file
from reports.register_table import ANNEX
from reports.request import Format, Letterhead, Profile, ReportKind, Wanted
from tests.figures.story import CHAPTERS
from tests.world import World, at
from workflow.access import SYSTEM
from workflow.figures.scope import Scope
from workflow.words import pair

DAY = date(2026, 10, 30)
BASE = "https://dondoc.lamgiang.example"
NASTY = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "x\x00y", '=HYPERLINK("http://x","y")', "<b>&\"'"]


def _office(profile: Profile, home: Path = Path("/nonexistent")) -> Office:
    return Office(Letterhead("Đoàn giám sát số 14", "Tỉnh ủy Lam Giang", "Lam Giang", profile), home, BASE)


@pytest.fixture
def told(engine: Engine) -> dict[ReportKind, Report]:
    world = World(engine)
    for chapter in CHAPTERS:
        chapter(world)
    with reading(engine) as db:
        return {kind: report(db, SYSTEM, Wanted(kind, Scope(DAY)), world.today) for kind in ReportKind}


def _of_texts(texts: list[str]) -> Report:
    columns = (Column("code", pair("Mã", "Code")), Column("text", pair("Chữ", "Text")))
    table = Table("t", pair("Bảng", "Table"), columns, [entries("GS", text) for text in texts])
    return Report("t", pair("T", "T"), pair("", ""), DAY, None, (), (table,))


def test_the_workbook_has_types_filters_and_a_frozen_heading(told: dict[ReportKind, Report]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_file(told[ReportKind.REGISTER], "vi", BASE)))
    sheet: Any = book.worksheets[0]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == sheet.dimensions
    heading = [cell.value for cell in sheet[1]]
    row = dict(zip(heading, sheet[3], strict=True))
    assert isinstance(row["Hạn gốc"].value, datetime)
    assert row["Hạn gốc"].number_format == "dd/mm/yyyy"
    assert isinstance(row["Mức đôn đốc"].value, int)
    assert row["Mã"].hyperlink.target == f"{BASE}/nhiem-vu/{row['Mã'].value}"
    figures: Any = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_file(told[ReportKind.AGENCY], "vi", BASE)))
    total = [cell.value for cell in figures.worksheets[0][3]]
    assert sum(total[4:17]) == total[3] == 9
    assert "/bao-cao/danh-sach?" in figures.worksheets[0].cell(3, 5).hyperlink.target
    assert any("Tính theo chính sách" in str(one[0]) for one in figures.worksheets[-1].values)


def test_no_cell_of_a_workbook_or_csv_can_run() -> None:
    made = _of_texts(NASTY)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_file(made, "vi", BASE))).worksheets[0]
    assert [cell.data_type for cell in sheet["B"]][1:] == ["s"] * len(NASTY)
    rows = list(csv.reader(io.StringIO(data_files.csv_file(made, "vi").decode("utf-8-sig"), newline="")))
    assert not [row[1] for row in rows[1:] if row[1].startswith(("=", "+", "-", "@", "\t", "\r", "\x00"))]


@given(st.lists(st.text(max_size=30), max_size=5))
def test_what_a_csv_guards_is_read_back_as_it_was(texts: list[str]) -> None:
    rows = csv.reader(
        io.StringIO(data_files.csv_file(_of_texts(texts), "vi").decode("utf-8-sig"), newline="")
    )
    read = [data_files.plain_text(row[1]) for row in list(rows)[1:]]
    assert read == [data_files.plain_text(data_files.safe_text(text)) for text in texts]


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("kind", list(ReportKind))
def test_a_word_file_has_its_head_its_sums_and_its_remarks(
    told: dict[ReportKind, Report], kind: ReportKind, profile: Profile
) -> None:
    made = docx.Document(io.BytesIO(docx_file(told[kind], "vi", _office(profile))))
    cells = [[cell.text for cell in row.cells] for table in made.tables for row in table.rows]
    words = "\n".join([*(one.text for one in made.paragraphs), *(text for row in cells for text in row)])
    head = "ĐẢNG CỘNG SẢN VIỆT NAM" if profile is Profile.PARTY else "Độc lập - Tự do - Hạnh phúc"
    for expected in (head, "TỈNH ỦY LAM GIANG", "Lam Giang, ngày", "BÁO CÁO", "Số liệu đến ngày 30/10/2026",
                     "Tính theo chính sách default 1", "lịch vn 1", "Nơi nhận:"):  # fmt: skip
        assert expected in words
    assert not {"{{", "{%", paper.MARK} & {part for part in ("{{", "{%", paper.MARK) if part in words}
    section: Any = made.sections[0]
    assert (section.page_width > section.page_height) == (kind is not ReportKind.WEEKLY)
    assert section.different_first_page_header_footer
    if kind is ReportKind.AGENCY:
        total = next(row for row in cells if "Tổng cộng" in row)
        assert total[3:17] == ["9", "2", "1", "0", "1", "0", "0", "0", "2", "0", "0", "1", "1", "1"]


def test_words_of_a_directive_are_never_markup_or_template(engine: Engine) -> None:
    world = World(engine)
    world.issue("GS14-01", date(2026, 12, 1), product="{{ 7 * 7 }}\x0b</w:t>", title="<b>{% if %}&")
    with reading(engine) as db:
        made = report(db, SYSTEM, Wanted(ReportKind.REGISTER, Scope(world.today)), world.today)
    words = docx.Document(io.BytesIO(docx_file(made, "vi", _office(Profile.STATE)))).tables[1].rows[1].cells
    assert "{{ 7 * 7 }}</w:t>" in [cell.text for cell in words]
    page = html_file(made, "vi", _office(Profile.STATE)).decode()
    assert "&lt;/w:t&gt;" in page
    assert "<script" not in page


def test_an_offices_own_frame_can_name_fields_and_nothing_else(tmp_path: Path) -> None:
    evil = docx.Document()
    evil.add_paragraph("{{ ''.__class__.__mro__[1].__subclasses__() }}")
    folder = tmp_path / frames.FOLDER / "dang"
    folder.mkdir(parents=True)
    evil.save(str(folder / "report-landscape.docx"))
    with pytest.raises(Exception, match="unsafe"):
        docx_file(_of_texts(["x"]), "vi", _office(Profile.PARTY, tmp_path))


def test_a_secret_directive_stays_without_words_in_every_format(engine: Engine) -> None:
    world = World(engine)
    world.issue("GS14-01", date(2026, 9, 1), product="Sản phẩm kín", is_secret=True)
    world.today = date(2026, 9, 10)
    for kind in ReportKind:
        with reading(engine) as db:
            made = report(db, SYSTEM, Wanted(kind, Scope(world.today, supervision="GS14")), world.today)
        for form in (Format.CSV, Format.JSON, Format.HTML, Format.JSONL):
            if form is not Format.JSONL or kind is ReportKind.REGISTER:
                text = written(made, form, "vi", _office(Profile.PARTY), at(world.today)).decode()
                assert "Nội dung GS14-01" not in text, (kind, form)
                assert "Sản phẩm kín" not in text


def test_each_line_is_one_directive_and_each_due_day_one_entry(told: dict[ReportKind, Report]) -> None:
    made = told[ReportKind.REGISTER]
    rows = [json.loads(line) for line in data_files.json_lines(made, BASE).splitlines()]
    assert {row["code"] for row in rows} == {f"GS14-0{n}" for n in range(1, 10)}
    assert rows[0]["links"]["code"].startswith(BASE)
    calendar: Any = icalendar.Calendar.from_ical(data_files.calendar_file(made, BASE, at(DAY)))
    days = {str(one["summary"]).split(":")[0]: one["dtstart"].dt for one in calendar.walk("VEVENT")}
    assert days["GS14-03"] == date(2026, 10, 16)
    assert len(days) == 9


def test_the_printed_register_is_the_annex_under_the_official_head(told: dict[ReportKind, Report]) -> None:
    page = written(told[ReportKind.REGISTER], Format.HTML, "vi", _office(Profile.STATE), at(DAY)).decode()
    assert page.count('<th scope="col"') == len(ANNEX)
    assert "Lam Giang, ngày …… tháng 10 năm 2026" in page
    assert "tfoot { display: table-row-group }" in page  # else every page ends with the sum of all


def test_english_readers_read_english(told: dict[ReportKind, Report]) -> None:
    page = html_file(told[ReportKind.AGENCY], "en", _office(Profile.STATE)).decode()
    assert "All issued" in page
    assert "Figures up to 30/10/2026" in page
    assert "40.0" in page


def test_libreoffice_opens_what_we_write_where_it_is_installed(
    told: dict[ReportKind, Report], tmp_path: Path
) -> None:
    """Without it the two libraries above are the proof."""
    for name, content in (
        ("a.docx", docx_file(told[ReportKind.AGENCY], "vi", _office(Profile.STATE))),
        ("r.xlsx", workbook.xlsx_file(told[ReportKind.REGISTER], "vi", BASE)),
    ):
        (tmp_path / name).write_bytes(content)
        assert content[:2] == b"PK"
        if (office := shutil.which("soffice")) is not None:
            home = f"-env:UserInstallation=file://{tmp_path / 'office'}"
            command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), name]
            subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=100)
            assert (tmp_path / name).with_suffix(".pdf").read_bytes()[:5] == b"%PDF-"


def test_frames_differ_by_profile_and_page() -> None:
    made = {frames.report_frame(profile, one) for profile in Profile for one in Orientation}
    assert len(made) == 4
