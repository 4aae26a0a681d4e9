"""Vietnamese text as people type it in a hurry: no accents, no capitals, single spaces."""

import unicodedata


def plain(text: str) -> str:
    """Lower case without accents: `Khoáng sản` is found by `khoang san`."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(char for char in parts if not unicodedata.combining(char)).split())
