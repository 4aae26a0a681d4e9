"""Every command our documents name exists; every command they show is typed here, in a real shell."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli import main, nouns
from tests.docs.documents import ROOT, File, Typed, mentions, pages, steps

PLAYED = [page for page in pages() if any(isinstance(step, Typed) for step in steps(page))]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def unknown(mention: str) -> str | None:
    """The first word of a mention that is neither command, option nor value."""
    command: click.Command = main.dondoc
    context = click.Context(command)
    for word in mention.translate(str.maketrans("", "", "[]|")).split():
        if word.startswith("--"):
            options = {name for one in command.params for name in one.opts + one.secondary_opts}
            known = options | {"--help", "--lang", "--as", "--yes", "--version"}
            if word.partition("=")[0] not in known:
                return word
        elif isinstance(command, click.Group) and word[0].isalpha() and word.islower():
            found = command.get_command(context, word)
            if found is None and "@" not in word and word not in ("en", "vi"):
                return word
            command = found or command
        elif not isinstance(command, click.Group):
            continue
    return None


@pytest.mark.parametrize("document", pages(), ids=named)
def test_the_page_names_no_command_or_option_that_is_not_there(document: Path) -> None:
    assert {mention: word for mention in mentions(document) if (word := unknown(mention))} == {}


def test_a_wrong_mention_is_found() -> None:
    assert unknown("directive lst") == "lst"
    assert unknown("directive list --nosuch") == "--nosuch"
    assert unknown("--as thu@tinh.example directive list --json") is None
    assert set(nouns.TABLE) >= {"directive"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("document", PLAYED, ids=named)
def test_the_page_does_what_it_says(document: Path, tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "NO_COLOR"))
    }
    environment |= {
        "HOME": str(tmp_path), "DONDOC_HOME": str(tmp_path / "home"), "DONDOC_LOG_LEVEL": "ERROR",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }  # fmt: skip
    for step in steps(document):
        if isinstance(step, File):
            (tmp_path / step.name).write_text(step.text, encoding="utf-8")
        elif step.command.startswith("export "):
            name, _, value = step.command.removeprefix("export ").partition("=")
            environment[name] = value
        else:
            play(step, tmp_path, environment)


def play(step: Typed, folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", step.command],
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"$ {step.command}\n{said}"
    for words in step.appears:
        assert words in said, f"$ {step.command}\n{said}"
