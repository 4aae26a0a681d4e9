"""Text of a Word file: paragraphs with their list numbers, tables row by row, in reading order."""

import io
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from workflow.conclusions.numbering import Numbering
from workflow.conclusions.refusal import Refused

_MOST_ENTRIES = 2000
_MOST_BYTES = 100 * 1024 * 1024
_MAIN_PART = "word/document.xml"
_DELETED = qn("w:del")
_COLUMNS = (
    ("number", ("stt", "tt", "số tt")),
    ("work", ("nội dung", "nhiệm vụ", "công việc", "nội dung kết luận", "nội dung nhiệm vụ")),
    ("Cơ quan chủ trì", ("chủ trì", "thực hiện", "đơn vị")),
    ("Cơ quan phối hợp", ("phối hợp",)),
    ("Thời hạn", ("thời hạn", "thời gian", "hạn", "hoàn thành")),
    ("Sản phẩm", ("sản phẩm", "kết quả")),
)


def text_of(data: bytes) -> str:
    _check_archive(data)
    document = Document(io.BytesIO(data))
    return "\n".join(line for line in _lines(document) if line.strip())


def _check_archive(data: bytes) -> None:
    """A Word file is a small, flat archive; anything else is refused before it is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise Refused("damaged") from error
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise Refused("abnormal")
    if any(entry.filename.startswith(("/", "\\")) or ".." in entry.filename.split("/") for entry in entries):
        raise Refused("abnormal")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    if _MAIN_PART not in {entry.filename for entry in entries}:
        raise Refused("damaged")


def _lines(document: DocumentType) -> Iterator[str]:
    numbering = Numbering(document)
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            yield from (numbering.mark(item) + _text(item)).split("\n")
        else:
            yield from _table_lines(item, numbering)


def _text(paragraph: Paragraph) -> str:
    """Shown text, with insertions and without deletions of tracked changes."""
    pieces = []
    for node in paragraph._p.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")):
        if any(ancestor.tag == _DELETED for ancestor in node.iterancestors()):
            continue
        pieces.append(
            {qn("w:t"): node.text or "", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}.get(node.tag, "\n")
        )
    return "".join(pieces)


def _table_lines(table: Table, numbering: Numbering) -> Iterator[str]:
    rows = [_distinct(row.cells) for row in table.rows]
    names = _column_names(rows[0]) if len(rows) > 1 else []
    if "work" in names:
        yield from (_task_line(names, row, number) for number, row in enumerate(rows[1:], 1))
        return
    for row in table.rows:
        seen = []
        for cell in row.cells:
            if cell._tc in seen:
                continue
            seen.append(cell._tc)
            for paragraph in cell.paragraphs:
                yield from (numbering.mark(paragraph) + _text(paragraph)).split("\n")


def _distinct(cells: tuple[object, ...]) -> list[str]:
    """Cell texts; a merged cell appears once."""
    seen, texts = [], []
    for cell in cells:
        if cell._tc not in seen:  # type: ignore[attr-defined]
            seen.append(cell._tc)  # type: ignore[attr-defined]
            texts.append(" ".join(_text(paragraph) for paragraph in cell.paragraphs).strip())  # type: ignore[attr-defined]
    return texts


def _column_names(header: list[str]) -> list[str]:
    return [_column_name(title.lower()) for title in header]


def _column_name(title: str) -> str:
    found = [name for name, words in _COLUMNS if any(word in title for word in words)]
    return ("work" if "work" in found else found[-1]) if found else "other"


def _task_line(names: list[str], row: list[str], number: int) -> str:
    """A row of a table of tasks as one item with labelled fields."""
    cells = dict(zip(names, row, strict=False))
    fields = [f"{name}: {value}." for name, value in cells.items() if value and name[0].isupper()]
    return f"{number}. {cells.get('work', '').rstrip('.;')}. " + " ".join(fields)
