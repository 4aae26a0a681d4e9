"""Registers kept in spreadsheets: taken over row by row, or refused row by row."""

import contextlib
import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from config import rules
from config.database import open_database, reading, writing
from reports import data_files, register_table, workbook
from reports.contents import report
from reports.request import ReportKind, Wanted
from tests.figures.story import CHAPTERS
from tests.servers.schema import SchemaTemplates
from tests.world import World, at
from workflow.access import SYSTEM
from workflow.figures.scope import Scope
from workflow.importing.headings import ColumnMap, guess, read_mapping
from workflow.importing.load import ImportReport
from workflow.importing.rows import ImportInvalid
from workflow.importing.sheet import SheetRefused, read_sheet
from workflow.importing.table import import_table
from workflow.models.directive import Directive
from workflow.models.message import Message
from workflow.models.obligation import Obligation

TODAY = date(2027, 2, 10)
PLAIN = ColumnMap(defaults={"supervision": "GS14"})


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def _book(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEADING = [
    "STT",
    "Nội dung nhiệm vụ",
    "Đơn vị chủ trì",
    "Ngày giao",
    "Thời hạn",
    "Trạng thái",
    "Ngày báo cáo",
]


def _import(
    world: World, content: bytes, mapping: ColumnMap = PLAIN, *, partial: bool = False
) -> ImportReport:
    with writing(world.engine) as db:
        return import_table(db, content, "so.xlsx", mapping, actor=SYSTEM, now=at(TODAY), partial=partial)


def _exported(db: Session, form: str = "xlsx") -> bytes:
    made = report(db, SYSTEM, Wanted(ReportKind.REGISTER, Scope(TODAY)), TODAY)
    if form == "csv":
        return data_files.csv_file(made, "vi")
    return workbook.xlsx_file(made, "vi", "http://127.0.0.1:8000")


def _rows(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values)


def test_a_table_with_other_headings_is_guessed(world: World) -> None:
    content = _book(
        ["UBND TỈNH LAM GIANG"], [], HEADING,
        [1, "Rà soát quy hoạch", "Sở Công Thương", date(2026, 1, 5), "30/06/2026", "Đã hoàn thành", 46190],
        [2, "Báo cáo chợ", "sở y tế", "06.01.2026", date(2027, 6, 30), "", None],
        [None, None],
    )  # fmt: skip
    assert _import(world, content).counts == {"created": 2}
    found = {one.code: one for one in world.rows(Directive)}
    assert set(found) == {"GS14-01", "GS14-02"}
    assert (found["GS14-01"].state, found["GS14-01"].reported_on) == ("done", date(2026, 6, 17))
    assert (found["GS14-02"].state, found["GS14-02"].due_on) == ("issued", date(2027, 6, 30))
    assert world.rows(Message) == []


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    content = _book(HEADING, [1, "Rà soát", "Sở Công Thương", date(2026, 1, 5), date(2026, 6, 30), "", None])
    _import(world, content)
    before = (world.rows(Directive), world.rows(Obligation))
    assert _import(world, content).counts == {"unchanged": 1}
    assert (world.rows(Directive), world.rows(Obligation)) == before


def test_every_fault_names_its_row_column_and_reason(world: World) -> None:
    content = _book(
        HEADING,
        [1, "", "Sở Công Thương", "31/02/2026", date(2026, 6, 30), "", None],
        [2, "Tốt", "Sở Công Thương", date(2026, 1, 5), date(2026, 6, 30), "bay lên", None],
        [3, "Tốt", "Sở Công Thương", date(2026, 1, 5), None, "Hoàn thành", None],
        [4, "Tốt", "", date(2026, 1, 5), date(2025, 6, 30), "", "=1+1"],
    )
    with pytest.raises(ImportInvalid) as refusal:
        _import(world, content)
    places = {(one.line, one.field) for one in refusal.value.findings}
    assert places == {
        (2, "text (B)"), (2, "issued_on (D)"), (3, "status (F)"), (4, "due_on (E)"), (4, "reported_on (G)"),
        (5, "lead_name (C)"), (5, "due_on (E)"), (5, "reported_on (G)"),
    }  # fmt: skip
    assert "dòng 3" in refusal.value.text("vi")
    assert world.rows(Directive) == []


def test_a_part_stays_only_when_a_part_was_asked_for(world: World) -> None:
    content = _book(
        HEADING,
        [1, "Tốt", "Sở Công Thương", date(2026, 1, 5), date(2026, 6, 30), "", None],
        [2, "", "Sở Công Thương", date(2026, 1, 5), date(2026, 6, 30), "", None],
    )
    kept = _import(world, content, partial=True)
    assert kept.counts == {"created": 1, "refused": 1}
    assert [one.code for one in world.rows(Directive)] == ["GS14-01"]


def test_formulas_are_text_and_leading_zeros_stay(world: World) -> None:
    content = _book(
        ["Mã", "Nội dung", "Chủ trì", "Ngày giao", "Hạn"],
        ["007", '=HYPERLINK("http://x")', "Sở Công Thương", date(2026, 1, 5), date(2026, 6, 30)],
    )
    _import(world, content)
    (found,) = world.rows(Directive)
    assert (found.code, found.text) == ("007", '=HYPERLINK("http://x")')


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_of_any_separator_with_quoted_newlines(world: World, separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(
        [
            HEADING,
            ["1", f"Dòng một\ndòng hai{separator} ba", "Sở Công Thương", "5/1/2026", "30/6/2026", "", ""],
        ]
    )
    _import(world, out.getvalue().encode("utf-8-sig"))
    assert world.rows(Directive)[0].text == f"Dòng một\ndòng hai{separator} ba"


def test_a_mapping_file_names_columns_nobody_could_guess(world: World) -> None:
    mapping = read_mapping(
        "header_row: 1\ncolumns: {text: Việc, lead_name: Ai, issued_on: Từ, due_on: Đến}\n"
        "defaults: {supervision: GS14, code: GS14-99}\n",
        "map.yaml",
    )
    content = _book(["Việc", "Ai", "Từ", "Đến"], ["Rà soát", "Sở Y tế", date(2026, 1, 5), date(2026, 6, 30)])
    assert _import(world, content, mapping).counts == {"created": 1}
    with pytest.raises(ImportInvalid):
        read_mapping("columns: {khong_co: X}\n", "map.yaml")


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 not a workbook", b"\xff\xff\xff", b"a,b\n1,2\n", b"ma,noi dung,han\n"],
)
def test_what_is_no_table_is_refused_in_a_sentence(world: World, content: bytes) -> None:
    with pytest.raises(SheetRefused) as refusal:
        _import(world, content)
    assert refusal.value.text("vi").startswith("so.xlsx: ")


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"</row>", b""), (b'r="1"', b'r="x"'), (b"<v>", b"<v>x"), (b't="n"', b't="s"'), (b'"A1"', b'"??"'),
     (b't="n"', b't="d"'), (b'r="2"', b'r="999999999"')],
)  # fmt: skip
def test_a_workbook_with_a_broken_sheet_is_refused_in_a_sentence(
    world: World, old: bytes, new: bytes
) -> None:
    whole, out = _book(["stt", "noi dung"], [1, "a"]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as book, zipfile.ZipFile(out, "w") as broken:
        for part in book.namelist():
            is_sheet = part.startswith("xl/worksheets/")
            broken.writestr(part, book.read(part).replace(old, new) if is_sheet else book.read(part))
    with pytest.raises(SheetRefused) as refusal:
        _import(world, out.getvalue())
    assert refusal.value.text("vi").startswith("so.xlsx: ")


def test_a_table_of_a_million_rows_is_refused_without_being_read(world: World) -> None:
    content = ("stt,noi dung,chu tri,ngay giao,han\n" + "1,a,b,5/1/2026,6/1/2026\n" * 1_000_000).encode()
    with pytest.raises(SheetRefused):
        _import(world, content)


def test_our_own_headings_are_all_known_in_both_languages() -> None:
    for locale in ("vi", "en"):
        found = guess([one.title[locale] for one in register_table.COLUMNS], ColumnMap())
        assert {found.get(at) for at in range(len(register_table.COLUMNS))} == {
            one.key for one in register_table.COLUMNS
        }


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_exported_imported_elsewhere_and_exported_again_is_equal(
    world: World, form: str, tmp_path: Path, schema_templates: SchemaTemplates
) -> None:
    for chapter in CHAPTERS:
        chapter(world)
    world.today = TODAY
    world.issue("GS14-10", date(2027, 6, 1), product="=1+1", title="@tiêu đề", coordinating=("syt",))
    world.move("ben", "GS14-10", "acknowledge")
    world.move("ben", "GS14-10", "progress", text="-5 % khối lượng")
    with reading(world.engine) as db:
        first = _exported(db, form)
    other = open_database(schema_templates.copy_of_sqlite(tmp_path / "other.db"))
    with writing(other) as db:
        rules.install(db, at(date(2026, 1, 5)))
        report_ = import_table(db, first, f"so.{form}", ColumnMap(), actor=SYSTEM, now=at(TODAY))
    with reading(other) as db:
        second = _exported(db, form)
    other.dispose()
    assert report_.counts == {"created": 10}
    if form == "csv":
        assert second.decode() == first.decode()
    else:
        assert _rows(second) == _rows(first)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    with contextlib.suppress(SheetRefused):
        assert read_sheet(content, "x", ColumnMap()) is not None


def test_a_levelled_row_goes_on_from_its_level(world: World) -> None:
    content = _book(
        [*HEADING, "Mức đôn đốc"],
        [1, "Rà soát", "Sở Công Thương", date(2026, 1, 5), date(2026, 6, 30), "", None, 2],
    )
    _import(world, content)
    with reading(world.engine) as db:
        levels = list(db.scalars(select(col(Obligation.level)).where(col(Obligation.kind) == "deliver")))
    assert levels == [2]
