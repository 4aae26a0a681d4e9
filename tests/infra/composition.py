"""docker-compose.yml as a test sees it: parsed, merged, its variables filled in."""

import re
from pathlib import Path
from typing import Any

import click
import yaml

from cli.main import dondoc

ROOT = Path(__file__).resolve().parents[2]
OURS = ("migrate", "web", "worker", "clock")


def composition() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = composition()["services"]
    return found


def filled(value: object, given: dict[str, str] | None = None) -> str:
    """What Compose makes of `${NAME:-default}` and `$$`."""
    variables = given or {}
    text = re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: variables.get(found[1]) or found[2], str(value))
    return text.replace("$$", "$")


def find_command(words: list[str]) -> click.Command | None:
    """The subcommand those words name, or none."""
    found: click.Command | None = dondoc
    for word in words:
        found = found.get_command(click.Context(found), word) if isinstance(found, click.Group) else None
    return None if isinstance(found, click.Group) else found
