"""Where two documents of rules differ, leaf by leaf."""

from collections.abc import Iterator
from typing import Any

Difference = tuple[str, Any, Any]
"""Path, before, after; None stands for what is not there."""


def differences(a: Any, b: Any, path: str = "") -> Iterator[Difference]:
    """Every leaf that is not the same, with its path."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            yield from differences(a.get(key), b.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(a, list) and isinstance(b, list):
        for number in range(max(len(a), len(b))):
            yield from differences(_at(a, number), _at(b, number), f"{path}[{number}]")
    elif a != b:
        yield path, a, b


def _at(items: list[Any], number: int) -> Any:
    return items[number] if number < len(items) else None


def of_policies(a: dict[str, Any], b: dict[str, Any]) -> list[Difference]:
    """What a policy is called decides nothing."""
    return [one for one in differences(a, b) if one[0] != "name"]


def of_lifecycles(a: dict[str, Any], b: dict[str, Any]) -> list[Difference]:
    return list(differences(_by_name(a), _by_name(b)))


def _by_name(document: dict[str, Any]) -> dict[str, Any]:
    """States and moves under their names, so that one inserted does not shift the others."""
    moves = {f"{one['name']} ({', '.join(one['sources'])})": one for one in document["moves"]}
    states = {one["name"]: one for one in document["states"]}
    return {"title": document["title"], "roles": document["roles"], "states": states, "moves": moves}
