"""The child process that tries edited templates: `python -m notifications.proof`, one JSON object in, one out.

In: {"overrides": {path: text}, "path": the edited one, "sample": a name or null}. Out: {"findings": [...]} and, when
a sample was asked for and could be written, {"mail": {...}}. It limits itself before it reads a byte.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any, get_args

from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError

from notifications import proof_rules
from notifications.payload import Letter, Locale
from notifications.rendering import Rendered, Renderer, folder_of, shipped
from notifications.sample_shapes import shapes

CPU_SECONDS = 2
MEMORY_BYTES = 512 * 1024 * 1024
LONGEST_PART = 1_000_000  # characters
MOST_FINDINGS = 20
SHARED = 2  # paths of fewer parts are written into mails of every kind

Finding = dict[str, Any]


def limit() -> None:
    """Counted from here: what the start of Python took is not the template's."""
    spent = int(time.process_time()) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + CPU_SECONDS, spent + CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def concerned(path: str) -> dict[str, Letter]:
    """The samples this template takes part in, by locale and name."""
    every = {f"{locale}/{name}": one for locale in get_args(Locale) for name, one in shapes(locale).items()}
    folder, _, file = path.rpartition("/")
    if path.count("/") >= SHARED:
        return {name: one for name, one in every.items() if folder_of(one) == folder}
    # The English words also write the summaries of Vietnamese letters.
    return {name: one for name, one in every.items() if folder in ("", "en", one.locale) and file}


def prove(overrides: dict[str, str], path: str) -> Iterator[Finding]:
    """Every fault of the edited text, as far as the first in each sample shows it."""
    edited = Renderer(overrides)
    for name, letter in concerned(path).items():
        try:
            mail = edited.render(letter)
        except MemoryError:
            yield fault("too_big", sample=name)
        except Exception as error:
            yield _explained(error, path, name)
            continue
        longest = max(len(mail.text), len(mail.html), len(mail.subject))
        if longest > LONGEST_PART:
            yield fault("too_big", sample=name)
        else:
            for code, what in proof_rules.broken(letter, mail, shipped().render(letter)):
                yield fault(code, sample=name, what=what)


def fault(code: str, *, line: int = 1, sample: str = "", what: str = "") -> Finding:
    return {"code": code, "line": line, "sample": sample, "what": what}


def _explained(error: Exception, path: str, sample: str) -> Finding:
    what = " ".join(str(error).split())[:200]
    if isinstance(error, TemplateSyntaxError):
        return fault("syntax", line=error.lineno, sample=sample, what=what)
    code = "failed"
    if isinstance(error, SecurityError | OverflowError):
        code = "forbidden"
    elif isinstance(error, UndefinedError):
        code = "unknown_name"
    return fault(code, line=_line(error, path), sample=sample, what=what)


def _line(error: Exception, path: str) -> int:
    """Where in the edited text it happened; the first line when it happened elsewhere."""
    line, at = 1, error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == path:
            compiled = at.tb_frame.f_globals.get("__jinja_template__")
            line = compiled.get_corresponding_lineno(at.tb_lineno) if compiled else at.tb_lineno
        at = at.tb_next
    return line


def answer(order: dict[str, Any]) -> dict[str, Any]:
    found: list[Finding] = []
    for one in prove(order["overrides"], order["path"]):
        if not any(
            (one["code"], one["line"], one["what"]) == (o["code"], o["line"], o["what"]) for o in found
        ):
            found.append(one)
        if len(found) == MOST_FINDINGS:
            break
    return {"findings": found, **_sample(order)}


def _sample(order: dict[str, Any]) -> dict[str, Any]:
    letters = concerned(order["path"])
    letter = letters.get(order["sample"] or "")
    if letter is None:
        return {}
    try:
        mail: Rendered = Renderer(order["overrides"]).render(letter)
    except Exception:
        return {}
    return {
        "mail": {"subject": mail.subject, "preheader": mail.preheader, "text": mail.text, "html": mail.html}
    }


def main() -> None:
    limit()
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer(order)).encode())


if __name__ == "__main__":
    main()
