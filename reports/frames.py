"""Default frames of our papers, as Word templates: the head, the place of the text, the signature.

An office that wants another look puts its own file beside: see `template()`. The names in braces are filled in.
"""

import io
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.document import Orientation
from reports.request import Profile

FONT = "Times New Roman"
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
FOLDER = "report-templates"
MARGINS = {  # top, bottom, left, right in mm: Decree 30/2020 and Guidance 36 agree on 30 at the bound side
    Orientation.PORTRAIT: (20, 20, 30, 15),
    Orientation.LANDSCAPE: (25, 15, 20, 20),
}
SIZE = (210, 297)


def template(home: Path, profile: Profile, name: str) -> bytes | None:
    """The office's own template, when `home/report-templates/PROFILE/NAME.docx` is there."""
    file = home / FOLDER / profile.value / f"{name}.docx"
    return file.read_bytes() if file.is_file() else None


def report_frame(profile: Profile, orientation: Orientation) -> bytes:
    """Fields: parent, body, number, day, title, subtitle, remarks, paragraphs, tables, recipients, signs."""
    paper = Frame(profile, orientation)
    paper.head()
    paper.line("BÁO CÁO", bold=True, size=15, align=CENTRE, before=12)
    paper.line("{{ title }}", bold=True, size=14, align=CENTRE)
    paper.line("{{ subtitle }}", italic=True, align=CENTRE, after=8)
    paper.repeated("paragraph in paragraphs", "{{ paragraph }}")
    paper.line("{{ tables }}")
    paper.line("Ghi chú", bold=True, size=12, before=6)
    paper.repeated("remark in remarks", "- {{ remark }}", size=12)
    paper.signature()
    return paper.content()


def letter_frame(profile: Profile) -> bytes:
    """Fields: those of a report without tables, and kind, summary, addressee, annex."""
    paper = Frame(profile, Orientation.PORTRAIT)
    paper.head(summary=True)
    paper.line("{%p if kind %}")
    paper.line("{{ kind }}", bold=True, size=15, align=CENTRE, before=12)
    paper.line("{{ title }}", bold=True, size=14, align=CENTRE)
    paper.line("{%p endif %}")
    paper.line("{% if addressee %}Kính gửi: {{ addressee }}{% endif %}", align=CENTRE, before=6, after=6)
    paper.repeated("paragraph in paragraphs", "{{ paragraph }}")
    paper.signature()
    paper.page_break()
    paper.line("PHỤ LỤC", bold=True, align=CENTRE)
    paper.line("{{ annex }}", italic=True, align=CENTRE, after=6)
    paper.line("{{ tables }}")
    return paper.content()


class Frame:
    def __init__(self, profile: Profile, orientation: Orientation) -> None:
        self.profile = profile
        self.paper: Any = docx.Document()
        style = self.paper.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(14)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(0)
        self._page(orientation)

    def _page(self, orientation: Orientation) -> None:
        section = self.paper.sections[0]
        wide, long = (Mm(one) for one in SIZE)
        if orientation is Orientation.LANDSCAPE:
            section.orientation, wide, long = WD_ORIENT.LANDSCAPE, long, wide
        section.page_width, section.page_height = wide, long
        top, bottom, left, right = (Mm(one) for one in MARGINS[orientation])
        section.top_margin, section.bottom_margin = top, bottom
        section.left_margin, section.right_margin = left, right
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = CENTRE
        _field(number.add_run(), "PAGE")

    def head(self, *, summary: bool = False) -> None:
        is_party = self.profile is Profile.PARTY
        left, right = self._columns((80, 85) if is_party else (66, 99))
        _written(left, "{{ parent }}", size=13 if not is_party else 14)
        _written(left, "{{ body }}", bold=True, size=13 if not is_party else 14)
        if is_party:
            _written(left, "*", size=14)
            _written(right, "ĐẢNG CỘNG SẢN VIỆT NAM", bold=True, size=14)
            _ruled(right, 16)
        else:
            _ruled(left, 20)
            _written(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12)
            _written(right, "Độc lập - Tự do - Hạnh phúc", bold=True, size=13)
            _ruled(right, 20)
        _written(left, "{{ number }}", size=13)
        if summary:
            _written(left, "{{ summary }}", size=12, italic=is_party)
        _written(right, "{{ day }}", italic=True, size=13, before=4)

    def _columns(self, shares: tuple[int, int]) -> tuple[Any, Any]:
        section = self.paper.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        table = self.paper.add_table(rows=1, cols=2)
        table.autofit = False
        for cell, column, share in zip(table.rows[0].cells, table.columns, shares, strict=True):
            column.width = cell.width = int(width * share / sum(shares))
            cell._element.remove(cell.paragraphs[0]._element)
        first, second = table.rows[0].cells
        return first, second

    def line(
        self, text: str, *, bold: bool = False, italic: bool = False, size: int = 14, align: Any = None,
        before: int = 0, after: int = 4,
    ) -> None:  # fmt: skip
        paragraph = self.paper.add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)
        paragraph.alignment = align
        shape = paragraph.paragraph_format
        shape.space_before, shape.space_after = Pt(before), Pt(after)

    def repeated(self, loop: str, text: str, size: int = 14) -> None:
        self.line(f"{{%p for {loop} %}}")
        paragraph = self.paper.add_paragraph()
        paragraph.add_run(text).font.size = Pt(size)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.space_after = Pt(4)
        if size == 14:
            paragraph.paragraph_format.first_line_indent = Mm(10)
        self.line("{%p endfor %}")

    def signature(self) -> None:
        self.line("", after=6)
        left, right = self._columns((80, 85))
        is_party = self.profile is Profile.PARTY
        _written(left, "Nơi nhận:", size=12 if not is_party else 14, bold=not is_party, italic=not is_party,
                 underline=is_party, align=None)  # fmt: skip
        for text in ("{%p for one in recipients %}", "- {{ one }},", "{%p endfor %}", "- Lưu."):
            _written(left, text, size=11 if not is_party else 12, align=None)
        _written(right, "{{ signs }}", bold=True)
        for _ in range(4):
            _written(right, "")

    def page_break(self) -> None:
        self.paper.add_page_break()

    def content(self) -> bytes:
        out = io.BytesIO()
        self.paper.save(out)
        return out.getvalue()


def _written(
    cell: Any, text: str, *, bold: bool = False, italic: bool = False, underline: bool = False, size: int = 14,
    align: Any = CENTRE, before: int = 0,
) -> None:  # fmt: skip
    paragraph = cell.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic, run.underline, run.font.size = bold, italic, underline, Pt(size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)


def _ruled(cell: Any, indent: int) -> None:
    paragraph = cell.add_paragraph()
    paragraph.add_run("").font.size = Pt(2)
    paragraph.paragraph_format.line_spacing = Pt(3)
    _rule(paragraph, indent)


def _rule(paragraph: Any, indent: int) -> None:
    """A line below, shorter than the text by `indent` mm on either side."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._element.get_or_add_pPr().append(borders)


def _field(run: Any, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("end", None)):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.text = text
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)
