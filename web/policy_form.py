"""A policy as a form: the document it stands for, and what somebody typed put back into one."""

import copy
from typing import Any

import yaml

from web.form import Form
from workflow.ladder_file import LADDER_NAMES
from workflow.policy import TERMS

WORDS = ("send_at", "sweep_at", "counting")
NUMBERS = ("cap", "due_soon", "silence_days")
ALL_TERMS = (*TERMS, "extensions")


def document_of(base: dict[str, Any], form: Form) -> dict[str, Any]:
    """`base` with everything the form holds in its place; what is no number stays as typed, to be refused."""
    document = copy.deepcopy({key: value for key, value in base.items() if key != "name"})
    document["title"] = {locale: form.text(f"title.{locale}") for locale in ("vi", "en")}
    document |= {name: form.text(name) for name in WORDS}
    document |= {name: _number(form.text(name)) for name in NUMBERS}
    document["deadline_law"] = form.text("deadline_law") == "on"
    document["terms"] = {name: _number(form.text(f"terms.{name}")) for name in ALL_TERMS}
    document["weekly"] |= {
        "weekday": form.text("weekly.weekday"),
        "after_level": _number(form.text("weekly.after_level")),
    }
    document["ladders"] = {name: _ladder(form, name) for name in LADDER_NAMES}
    return document


def as_yaml(document: dict[str, Any]) -> str:
    without_name = {key: value for key, value in document.items() if key != "name"}
    return yaml.safe_dump(without_name, allow_unicode=True, sort_keys=False, width=110)


def _ladder(form: Form, name: str) -> dict[str, Any]:
    """Steps by their days, whatever their places on the page; one whose day was emptied is gone."""
    rungs = [_rung(form, prefix) for prefix in _filled(form, f"{name}.rung", "offset")]
    levels = [_level(form, prefix) for prefix in _filled(form, f"{name}.level", "after")]
    numbered = [{"level": number, **level} for number, level in enumerate(_by(levels, "after"), 1)]
    return {"rungs": _by(rungs, "offset"), "levels": numbered}


def _filled(form: Form, prefix: str, first: str) -> list[str]:
    found: list[str] = []
    while f"{prefix}.{len(found)}.{first}" in form.values:
        found.append(f"{prefix}.{len(found)}")
    return [one for one in found if form.text(f"{one}.{first}")]


def _rung(form: Form, prefix: str) -> dict[str, Any]:
    rung = {
        "offset": _number(form.text(f"{prefix}.offset")),
        "kind": form.text(f"{prefix}.kind"),
        "to": form.texts(f"{prefix}.to"),
    }
    span = form.text(f"{prefix}.min_span")
    return rung | ({"min_span": _number(span)} if span else {})


def _level(form: Form, prefix: str) -> dict[str, Any]:
    level = {
        "after": _number(form.text(f"{prefix}.after")),
        "to": form.texts(f"{prefix}.to"),
        "copy": form.texts(f"{prefix}.copy"),
    }
    gap = form.text(f"{prefix}.gap")
    return level | ({"gap": _number(gap)} if gap else {})


def _by(steps: list[dict[str, Any]], day: str) -> list[dict[str, Any]]:
    """In order where every day is a number; else as they stand, for the reader to say what is wrong."""
    return (
        sorted(steps, key=lambda one: one[day]) if all(isinstance(one[day], int) for one in steps) else steps
    )


def _number(text: str) -> int | str:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else text
