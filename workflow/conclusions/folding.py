"""Comparing Vietnamese text: folds never change the length, so positions stay valid."""

import re
import unicodedata

_TONES = "àáảãạ", "èéẻẽẹ", "ỳýỷỹỵ"
_PLAIN = "òóỏõọ", "òóỏõọ", "ùúủũụ"
_VOWELS = "a", "e", "y"
_MOVED = {
    first + tone: plain + vowel
    for first, tones, plains, vowel in zip("oou", _TONES, _PLAIN, _VOWELS, strict=True)
    for tone, plain in zip(tones, plains, strict=True)
}
_NEW_STYLE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?!\w)")
_SIGNS = str.maketrans(
    {
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ",
        "\t": " ", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "ð": "đ",
    }
)  # fmt: skip
_CONFUSABLE = str.maketrans(
    "аеорсухіјѕһкмтвнАВЕКМНОРСТУХІЈЅοναιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijshkmtbhABEKMHOPCTYXIJSovaiABEZHIKMNOPTYX"
)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _lower(char: str) -> str:
    """Lower case of one character; kept where lower case is longer ("İ")."""
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


def fold(text: str) -> str:
    """Lower case, old tone placement (hoà -> hòa), plain dashes and quotes; same length as `text`."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(map(_lower, text))
    return _NEW_STYLE.sub(lambda found: _MOVED[found.group()], lowered.translate(_SIGNS))


def squeeze(text: str) -> str:
    return " ".join(text.split())


def key(text: str) -> str:
    """What two spellings of one name have in common."""
    return squeeze(fold(nfc(text)))


def without_lookalikes(text: str) -> str:
    """Cyrillic and Greek letters that look Latin become Latin; same length."""
    return text.translate(_CONFUSABLE)
