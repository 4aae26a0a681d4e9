"""Text of a PDF with a text layer, page by page."""

import pypdfium2

from workflow.conclusions.refusal import Refused

_MOST_PAGES = 500
_LEAST_LETTERS = 20
_SOFT_HYPHENS = str.maketrans({"\ufffe": "", "\x02": "", "\u00ad": ""})


def text_of(data: bytes) -> str:
    """Pages are separated by form feeds. Raises Refused for passwords, scans and endless files."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if "assword" in str(error) else "damaged") from error
    try:
        if len(document) > _MOST_PAGES:
            raise Refused("too_complex")
        pages = [_page_text(document, number) for number in range(len(document))]
    finally:
        document.close()
    text = "\f\n".join(pages)
    if sum(char.isalpha() for char in text) < _LEAST_LETTERS:
        raise Refused("no_text")
    return text


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range()).translate(_SOFT_HYPHENS)
    finally:
        text_page.close()
        page.close()
