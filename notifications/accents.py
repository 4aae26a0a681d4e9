import unicodedata

# đ has no decomposition of its own.
_STROKE = str.maketrans({"đ": "d", "Đ": "D"})


def plain(text: str) -> str:
    """Lower case without accents, one space between words: how people type in a hurry."""
    marks_apart = unicodedata.normalize("NFD", text.translate(_STROKE))
    letters = "".join(c for c in marks_apart if not unicodedata.combining(c))
    return " ".join(letters.lower().split())
