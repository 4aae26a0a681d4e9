"""Which column of somebody's table is which of ours: by a mapping file, else by what its heading says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflow.importing.rows import ImportInvalid
from workflow.plain import plain
from workflow.yaml_source import Cell, Source

NAMES: dict[str, tuple[str, ...]] = {
    "place": ("stt", "tt", "so tt", "so thu tu", "no", "thu tu"),
    "code": ("ma", "ma nhiem vu", "ma so", "ky hieu", "code", "so hieu"),
    "text": ("noi dung nhiem vu", "noi dung", "nhiem vu", "noi dung chi dao", "noi dung giao", "cong viec", "directive",
             "ten nhiem vu", "nhiem vu duoc giao", "noi dung ket luan"),
    "title": ("tieu de", "title", "tom tat", "trich yeu"),
    "source": ("van ban buoi lam viec", "van ban", "van ban giao", "van ban chi dao", "so van ban", "can cu", "source",
               "so ky hieu van ban"),
    "supervision": ("cuoc giam sat", "ma cuoc giam sat", "supervision", "doan kiem tra", "cuoc kiem tra"),
    "subject": ("noi dung giam sat", "chuyen de", "subject", "chuyen de giam sat"),
    "session_on": ("ngay lam viec", "ngay buoi lam viec", "session"),
    "delegation": ("ma doan giam sat", "ma doan", "delegation code"),
    "delegation_name": ("doan giam sat", "ten doan giam sat", "delegation"),
    "programme": ("chuong trinh", "programme"),
    "urgency": ("do khan", "muc do khan", "urgency"),
    "lead": ("ma co quan chu tri", "lead code", "ma don vi chu tri"),
    "lead_name": ("co quan chu tri", "don vi chu tri", "chu tri", "don vi thuc hien", "co quan thuc hien", "lead",
                  "don vi duoc giao", "co quan duoc giao"),
    "coordinating": ("ma co quan phoi hop", "coordinating codes"),
    "coordinating_names": ("co quan phoi hop", "don vi phoi hop", "phoi hop", "coordinating"),
    "issued_on": ("ngay giao", "ngay phat hanh", "ngay van ban", "ngay ban hanh", "issued", "thoi gian giao"),
    "due_on": ("han dieu chinh", "thoi han", "han hoan thanh", "thoi han hoan thanh", "han xu ly", "ngay den han",
               "revised due", "due", "han thuc hien", "han"),
    "original_due_on": ("han goc", "han ban dau", "thoi han goc", "original due"),
    "rhythm": ("nhip bao cao", "dinh ky", "ky bao cao", "rhythm"),
    "product": ("san pham", "san pham dau ra", "ket qua can dat", "product"),
    "result": ("ket qua minh chung", "ket qua", "ket qua thuc hien", "tinh hinh thuc hien", "result evidence", "result"),
    "evidence": ("minh chung", "tai lieu minh chung", "evidence"),
    "status": ("trang thai", "tinh trang", "status"),
    "state": ("ma trang thai", "state"),
    "state_on": ("ngay cua trang thai", "ngay cap nhat", "state since"),
    "acknowledged_on": ("ngay tiep nhan", "acknowledged"),
    "reported_on": ("ngay bao cao", "ngay hoan thanh", "reported", "ngay ket thuc"),
    "difficulty": ("kho khan kien nghi", "kho khan", "vuong mac", "ghi chu", "difficulties", "kho khan vuong mac"),
    "level": ("muc don doc", "cap don doc", "muc don doc da thuc hien", "level"),
    "extensions": ("so lan gia han", "gia han", "extensions"),
    "secret": ("mat", "do mat", "secret"),
}  # fmt: skip
NEEDED = ("text", "issued_on")
FEWEST, DEEPEST = 3, 20
_WORDS = re.compile(r"[^a-z0-9]+")
_KEYS = {name: key for key, names in NAMES.items() for name in names}


@dataclass(frozen=True)
class ColumnMap:
    """`columns` name our field for their heading; `defaults` fill what the table does not say."""

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    header_row: int | None = None


def read_mapping(text: str, name: str) -> ColumnMap:
    """Raises ImportInvalid with every fault: an unknown field, a wrong number."""
    source = Source(text, name)
    top = source.root(ImportInvalid).fields((), optional=("columns", "defaults", "sheet", "header_row"))
    columns = _pairs(top["columns"]) if top["columns"].given else {}
    defaults = _pairs(top["defaults"]) if top["defaults"].given else {}
    sheet = top["sheet"].text() if top["sheet"].given else None
    row = top["header_row"].integer(1, 10_000) if top["header_row"].given else None
    source.stop_if_wrong(ImportInvalid)
    return ColumnMap({_said(theirs): ours for ours, theirs in columns.items()}, defaults, sheet, row)


def _pairs(cell: Cell) -> dict[str, str]:
    fields = cell.fields((), optional=tuple(NAMES))
    return {name: value.text() for name, value in fields.items() if value.given}


def guess(headings: Sequence[str], mapping: ColumnMap) -> dict[int, str]:
    """Position to field; the mapping file wins, and no field is taken twice."""
    found: dict[int, str] = {}
    for at, heading in enumerate(headings):
        said = _said(heading)
        key = mapping.columns.get(said) or _KEYS.get(said)
        if key is not None and key not in found.values():
            found[at] = key
    return found


def find_heading(rows: Sequence[Sequence[str]], mapping: ColumnMap) -> tuple[int, dict[int, str]] | None:
    """The first of the leading rows that names at least three of our columns, the text among them."""
    if mapping.header_row is not None:
        at = mapping.header_row - 1
        return (at, guess(rows[at], mapping)) if 0 <= at < len(rows) else None
    for at, row in enumerate(rows[:DEEPEST]):
        found = guess(row, mapping)
        if len(found) >= FEWEST and "text" in found.values():
            return at, found
    return None


def _said(heading: str) -> str:
    return _WORDS.sub(" ", plain(heading)).strip()
