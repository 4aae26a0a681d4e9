"""Bytes to text: Unicode with or without a mark, windows-1258, and nothing by guesswork."""

import codecs
import re

from workflow.conclusions.errors import EncodingUnknown
from workflow.conclusions.folding import nfc

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 4000
_MANY_ZEROS = 0.3
_VIETNAMESE = re.compile(
    r"(?<!\w)(?:của|và|các|đã|được|không|cho|ngày|tháng|năm|kết|luận|tỉnh|huyện|xã|công|tác|nhân|dân|"
    r"thực|hiện|báo|cáo|sở|đồng|chí|yêu|cầu|đề|nghị|trước|việc|quản|lý)(?!\w)",
    re.IGNORECASE,
)
_ODD = re.compile(r"[^\w\s.,;:!?%/()\[\]{}\"'“”‘’–—…•·+*=&@#°²³$€₫<>\-\\|~`^_]")


def decode(data: bytes) -> tuple[str, str]:
    """The NFC text and the name of its encoding; raises EncodingUnknown rather than keep mojibake."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding)
    wide = _wide_encoding(data[:_SAMPLE])
    if wide:
        return _strict(data, wide)
    try:
        return nfc(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _legacy(data)


def _strict(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return nfc(data.decode(encoding)), encoding
    except UnicodeDecodeError as error:
        raise EncodingUnknown(name=encoding) from error


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Vietnamese text is often zero."""
    if len(sample) < 8 or len(sample) % 2:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > half * _MANY_ZEROS and sample[0::2].count(0) < half * 0.05:
        return "utf-16-le"
    if sample[0::2].count(0) > half * _MANY_ZEROS and sample[1::2].count(0) < half * 0.05:
        return "utf-16-be"
    return None


def _legacy(data: bytes) -> tuple[str, str]:
    """windows-1258 when the result reads as Vietnamese; TCVN3 and VNI do not and are refused."""
    try:
        text = nfc(data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise EncodingUnknown(name="cp1258") from error
    syllables = max(1, len(text.split()))
    common = len(_VIETNAMESE.findall(text))
    odd = len(_ODD.findall(text))
    if common * 12 < syllables or odd * 50 > len(text):
        raise EncodingUnknown(name="cp1258")
    return text, "windows-1258"
