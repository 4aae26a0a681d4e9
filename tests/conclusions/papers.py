"""The same text as the files people send."""

import html
import io
import zlib

from docx import Document

_PAGE_LINES = 45
_MAP_HEAD = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def\n"
    "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
)


def docx_of(text: str) -> bytes:
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    return saved(document)


def saved(document: object) -> bytes:
    file = io.BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def html_of(text: str) -> bytes:
    rows = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    return (
        "<!doctype html><html><head><meta charset='utf-8'><style>p{color:red}</style></head><body>"
        f"<nav>Trang chủ</nav><script>alert(1)</script>{rows}<footer>Bản quyền</footer></body></html>"
    ).encode()


def pdf_of(lines: list[str]) -> bytes:
    """A PDF with a text layer: two-byte codes, explained by a hand-written ToUnicode map."""
    codes = {char: number for number, char in enumerate(sorted(set("".join(lines))), 1)}
    pages = [lines[i : i + _PAGE_LINES] for i in range(0, len(lines), _PAGE_LINES)] or [[]]
    first_page = 6
    kids = " ".join(f"{first_page + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /DW 500 /CIDSystemInfo "
        b"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor "
        b"/FontName /Own /Flags 4 /FontBBox [0 0 500 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 "
        b"/StemV 80 >> >>",
        _stream(_unicode_map(codes)),
    ]
    for i, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 842] /Contents {first_page + 2 * i + 1} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        objects.append(_stream(_page_content(page, codes)))
    return _assembled(objects)


def _unicode_map(codes: dict[str, int]) -> bytes:
    entries = [f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for char, code in codes.items()]
    blocks = [entries[i : i + 100] for i in range(0, len(entries), 100)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return (_MAP_HEAD + body + "endcmap end end").encode()


def _page_content(lines: list[str], codes: dict[str, int]) -> bytes:
    shown = [
        f"BT /F 12 Tf 1 0 0 1 40 {800 - 16 * row} Tm <{''.join(f'{codes[char]:04X}' for char in line)}> Tj ET"
        for row, line in enumerate(lines)
        if line
    ]
    return "\n".join(shown).encode()


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"


def _assembled(objects: list[bytes]) -> bytes:
    written = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        written
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF"
        ).encode()
    )
