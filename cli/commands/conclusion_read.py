"""dondoc conclusion read: a conclusion as drafts, for people or for programs. Needs no database."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from cli.output import emit, table
from cli.speech import Command, as_json, spoken_locale
from workflow.conclusions.agencies import Register
from workflow.conclusions.explanation import explain, flag_text
from workflow.conclusions.intake import read_source
from workflow.conclusions.reader import read as read_text
from workflow.conclusions.reading import Reading
from workflow.errors import InputWrong, NotFound, WorkflowError

READABLE = frozenset({".txt", ".md", ".docx", ".docm", ".pdf", ".html", ".htm"})
PARTLY_DONE = 4
SHORT = 70


@click.command(
    name="read",
    cls=Command,
    help="Đọc kết luận thành dự thảo nhiệm vụ / read a conclusion into draft directives.",
)
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--agencies", type=click.Path(path_type=Path), help="Danh mục cơ quan (JSON) / register of agencies."
)
@click.option("--explain", "explained", is_flag=True, help="Nêu căn cứ của từng giá trị / show the evidence.")
@click.option("--out", type=click.Path(path_type=Path), help="Thư mục ghi kết quả / folder for the results.")
@click.option("--lang", type=click.Choice(["vi", "en"]), help="Ngôn ngữ / language.")
@as_json
def read(
    source: Path, agencies: Path | None, explained: bool, out: Path | None, lang: str | None, as_json: bool
) -> int:
    locale = lang or spoken_locale()
    register = load_register(agencies)
    if source.is_dir():
        return _folder(source, register, out, locale)
    reading = read_file(source, register)
    if out is not None:
        _write(out, source, reading)
    if as_json:
        emit(reading.to_gold())
    elif explained:
        click.echo("\n".join(explain(reading, locale)))
    elif out is None:
        _show(reading, locale)
    return 0


def load_register(path: Path | None) -> Register:
    """The register of a JSON file, or the built-in one; raises a refusal naming file and fault."""
    if path is None:
        return Register.built_in()
    try:
        return Register.from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise NotFound(what={"vi": "tệp", "en": "File"}, code=path) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        why = {
            "vi": 'Cần JSON dạng {"agencies": [{"name", "kind", "aliases"}]}.',
            "en": 'JSON such as {"agencies": [{"name", "kind", "aliases"}]} is needed.',
        }
        raise InputWrong(field="--agencies", value=path.name, why=why) from error


def read_file(path: Path, register: Register) -> Reading:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound(what={"vi": "tệp", "en": "File"}, code=path) from error
    return read_text(read_source(data, path.name).text, register)


def _write(folder: Path, source: Path, reading: Reading) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    written = json.dumps(reading.to_gold(), ensure_ascii=False, indent=2)
    (folder / f"{source.stem}.json").write_text(written + "\n", encoding="utf-8")


def _folder(source: Path, register: Register, out: Path | None, locale: str) -> int:
    """Every readable file of a folder; a file that fails is named and does not stop the others."""
    if out is None:
        why = {"vi": "Đọc cả thư mục cần --out.", "en": "Reading a folder needs --out."}
        raise InputWrong(field="--out", value="", why=why)
    files = sorted(path for path in source.iterdir() if path.is_file() and path.suffix.lower() in READABLE)
    failed = 0
    for path in _with_progress(files, locale):
        try:
            _write(out, path, read_file(path, register))
        except WorkflowError as error:
            failed += 1
            click.echo(f"{path.name}: {error.text(locale)}", err=True)
    done = len(files) - failed
    sentence = {"vi": "Đã đọc {}/{} tệp vào {}.", "en": "Read {} of {} files into {}."}[locale]
    click.echo(sentence.format(done, len(files), out), err=True)
    return PARTLY_DONE if failed else 0


def _with_progress(files: list[Path], locale: str) -> Iterable[Path]:
    """A bar on a terminal, silence in a pipe."""
    if not sys.stderr.isatty():
        return files
    from rich.console import Console
    from rich.progress import track

    title = "Reading" if locale == "en" else "Đọc kết luận"
    return track(files, description=title, console=Console(stderr=True))


def _show(reading: Reading, locale: str) -> None:
    headers = {
        "vi": ("#", "Nhiệm vụ", "Chủ trì", "Thời hạn", "Cần xem"),
        "en": ("#", "Directive", "Lead", "Deadline", "To check"),
    }[locale]
    table(
        headers,
        [
            (
                number,
                draft.wording if len(draft.wording) <= SHORT else draft.wording[: SHORT - 1] + "…",
                "; ".join(party.name for party in draft.lead),
                draft.deadline.due_on or draft.deadline.rrule or draft.deadline.text or "",
                " ".join(flag_text(flag, locale) for flag in draft.flags),
            )
            for number, draft in enumerate(reading.directives, 1)
        ],
    )
    for flag in reading.flags:
        click.echo(flag_text(flag, locale), err=True)
