"""Editing mail templates: proved in a child that is limited in time and memory, then put in force."""

import difflib
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, ClassVar

from notifications.proof_words import REASONS
from notifications.rendering import Rendered
from notifications.wording import paths, shipped_source
from workflow import mail_templates
from workflow.desk import Desk
from workflow.errors import WorkflowError
from workflow.findings import FileInvalid, Finding
from workflow.models.mail_template import MailTemplate

LONGEST = 64 * 1024
WALL_SECONDS = 15.0  # the child's own limit is two seconds of work after it has started

# no database keeps a NUL, no mail half a surrogate pair
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class TemplateInvalid(FileInvalid):
    """The template was not put in force; the one before goes on writing."""


class NoSuchTemplate(WorkflowError):
    """The name of a file says which template it is meant for."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "'{path}' không phải mẫu thư. Ví dụ đúng: vi/reminder/subject.txt; xem danh sách: dondoc message template list.",
        "en": "'{path}' is no mail template. For example: vi/reminder/subject.txt; see: dondoc message template list.",
    }
    exit_code = 3
    http_status = 404


@dataclass(frozen=True)
class Proof:
    """`mail` is the sample that was asked for, None when it could not be written."""

    findings: tuple[Finding, ...]
    mail: Rendered | None = None


def known(path: str) -> str:
    """The template a path or file name means: its last three, two or one parts."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    for length in (3, 2, 1):
        name = "/".join(parts[-length:])
        if name in paths():
            return name
    raise NoSuchTemplate(path=path[:120])


def prove(active: Mapping[str, str], path: str, source: str, sample: str | None = None) -> Proof:
    """Every letter this template takes part in is written once, beside the other texts in force."""
    if len(source) > LONGEST:
        return Proof((_finding(path, "too_long", 1, "", str(LONGEST)),))
    if unseen := _CONTROL.search(source):
        line = source.count("\n", 0, unseen.start()) + 1
        return Proof((_finding(path, "control", line, "", f"U+{ord(unseen[0]):04X}"),))
    order = {"overrides": {**active, path: source}, "path": path, "sample": sample}
    command = [sys.executable, "-s", "-m", "notifications.proof"]
    try:
        child = subprocess.run(
            command, input=json.dumps(order).encode(), capture_output=True, timeout=WALL_SECONDS, check=False
        )
        found = json.loads(child.stdout) if child.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        found = None
    if found is None:
        return Proof((_finding(path, "too_slow", 1, "", ""),))
    findings = tuple(
        _finding(path, one["code"], one["line"], one["sample"], one["what"]) for one in found["findings"]
    )
    return Proof(findings, Rendered(**found["mail"]) if found.get("mail") else None)


def check(active: Mapping[str, str], path: str, source: str) -> None:
    """Raises TemplateInvalid with every finding."""
    proof = prove(active, path, source)
    if proof.findings:
        raise TemplateInvalid(path, proof.findings)


def publish(desk: Desk, path: str, source: str) -> MailTemplate:
    """Proved, then in force from the next mail on; a faulty text changes nothing."""
    mail_templates.check_administrator(desk, path)
    name, text = known(path), source.replace("\r\n", "\n")
    check(sources(mail_templates.active(desk.db)), name, text)
    return mail_templates.put_in_force(desk, name, text)


def revert(desk: Desk, path: str, number: int | None = None) -> MailTemplate | None:
    """To an earlier version, proved anew: the letters may have changed since; or to the shipped text."""
    name = known(path)
    for row in mail_templates.versions(desk.db, name) if number is not None else ():
        if row.number == number:
            check(sources(mail_templates.active(desk.db)), name, row.source)
    return mail_templates.revert(desk, name, number)


def sources(active: Mapping[str, MailTemplate]) -> dict[str, str]:
    return {path: row.source for path, row in active.items()}


def difference(path: str, source: str) -> str:
    """Against the shipped text, as a unified diff; empty when they are equal."""
    before, after = shipped_source(path).splitlines(), source.splitlines()
    return "\n".join(difflib.unified_diff(before, after, f"{path} (shipped)", path, lineterm=""))


def _finding(path: str, code: str, line: int, sample: str, what: str) -> Finding:
    reason: dict[str, Any] = {
        locale: sentence.format(what=what) for locale, sentence in REASONS[code].items()
    }
    return Finding(line=line, column=1, field=path, value=sample, reason=reason, example="")
