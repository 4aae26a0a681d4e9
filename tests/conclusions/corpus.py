"""The annotated conclusions of this folder."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from workflow.conclusions.agencies import Register
from workflow.conclusions.folding import nfc

CORPUS = Path(__file__).with_name("corpus")
SETS = ("dev", "own", "own2", "own3", "own4")


@cache
def register() -> Register:
    return Register.from_json(json.loads((CORPUS / "agencies.json").read_text(encoding="utf-8")))


def files(name: str) -> list[Path]:
    return sorted((CORPUS / name).glob("*.txt"))


def raw(name: str) -> str:
    return (CORPUS / f"{name}.txt").read_text(encoding="utf-8")


def text(name: str) -> str:
    return nfc(raw(name))


def gold(name: str) -> dict[str, Any]:
    annotation: dict[str, Any] = json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
    return annotation
