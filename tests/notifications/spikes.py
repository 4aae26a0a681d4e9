"""Hostile text in every place where a person's text can stand."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from notifications.payload import Figure

_FIXED = {"kind", "what", "locale", "address", "obligation", "rung"}


def spiked(value: Any, spike: str) -> Any:
    """The same payload with `spike` before every free text; addresses of pages stay as they are."""
    if isinstance(value, tuple):
        return tuple(spiked(each, spike) for each in value)
    if not is_dataclass(value) or isinstance(value, type | Figure):
        return value
    changed = {}
    for field in fields(value):
        old = getattr(value, field.name)
        is_free = isinstance(old, str) and field.name not in _FIXED and not field.name.endswith("url")
        changed[field.name] = spike + old if is_free else spiked(old, spike)
    return replace(value, **changed)
