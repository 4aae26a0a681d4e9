"""What policies, lifecycles and calendars share on the command line: versions, differences, publishing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from cli.acts import read_text
from cli.output import emit, table
from cli.runtime import Runtime
from config.publishing import publish
from workflow import rulebook
from workflow.findings import FileInvalid
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.rule_differences import Difference, differences
from workflow.store import rules

Load = Callable[[str, str], Any]
Function = TypeVar("Function", bound=Callable[..., Any])


def show_versions(runtime: Runtime, kind: RuleKind, *, as_json: bool) -> None:
    with runtime.reading() as db:
        found = rules.versions(db, kind)
        pinned = rules.pinned_directives(db) if kind is RuleKind.POLICY else {}
    if as_json:
        emit([_document(one) | {"open_directives": pinned.get(one.id, 0)} for one in found])
        return
    headers = {
        "vi": ("Tên", "Bản", "Mã băm", "Đang dùng", "Ban hành", "Nhiệm vụ đang mở"),
        "en": ("Name", "Number", "Hash", "Active", "Published", "Open directives"),
    }[runtime.lang]
    yes = {True: runtime.text("có", "yes"), False: ""}
    zone = runtime.settings.timezone
    rows = [
        (
            one.name, one.number, one.version[:12], yes[one.is_active],
            f"{one.published_at.astimezone(zone):%d/%m/%Y %H:%M}", pinned.get(one.id, 0) or "",
        )
        for one in found
    ]  # fmt: skip
    table(headers, rows)


def _document(one: RuleVersion) -> dict[str, Any]:
    return {
        "name": one.name,
        "number": one.number,
        "version": one.version,
        "active": one.is_active,
        "published_at": one.published_at,
    }


def find(runtime: Runtime, kind: RuleKind, which: str | None) -> RuleVersion:
    with runtime.reading() as db:
        return rules.find(db, kind, which or rulebook.DEFAULT[kind])


def check_file(runtime: Runtime, path: str, load: Load, *, as_json: bool) -> int:
    """All findings at once, each with its line, field, reason and example."""
    try:
        load(read_text(runtime, path), Path(path).name)
    except FileInvalid as wrong:
        if not as_json:
            raise
        emit({"valid": False, "findings": [_finding(one, runtime.lang) for one in wrong.findings]})
        return wrong.exit_code
    if as_json:
        emit({"valid": True, "findings": []})
    else:
        runtime.say(f"{path}: không có lỗi.", f"{path}: no faults.")
    return 0


def _finding(one: Any, locale: str) -> dict[str, Any]:
    return {
        "line": one.line, "column": one.column, "field": one.field, "value": one.value,
        "reason": one.reason[locale], "example": one.example,
    }  # fmt: skip


def publish_file(
    runtime: Runtime, kind: RuleKind, path: str, load: Load, *, name: str | None, yes: bool, dry_run: bool
) -> None:
    runtime.yes = runtime.yes or yes
    named = name or rulebook.DEFAULT[kind]
    source = read_text(runtime, path)
    load(source, named)
    with runtime.rehearsal() as desk:
        before = _active(desk.db, kind, named)
        after = publish(desk, kind, source, named)
        same = before is not None and before.id == after.id
        changes = list(differences(before.document if before else {}, after.document))
    if same:
        runtime.say("Trùng với bản đang dùng, không có gì để ban hành.", "This version is active already.")
        return
    show_differences(runtime, changes)
    if dry_run:
        runtime.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")
        return
    runtime.confirm(
        f"Ban hành {named}? Nhiệm vụ đã phát hành giữ bản cũ.",
        f"Publish {named}? What is issued keeps its version.",
    )
    with runtime.desk() as desk:
        row = publish(desk, kind, source, named)
    runtime.say(f"Đã ban hành {named} bản {row.number}.", f"{named} version {row.number} is active.")


def _active(db: Any, kind: RuleKind, name: str) -> RuleVersion | None:
    active = [one for one in rules.versions(db, kind) if one.is_active and one.name == name]
    return active[0] if active else None


def document_of(
    runtime: Runtime, kind: RuleKind, which: str, read: Callable[[str, str], dict[str, Any]]
) -> dict[str, Any]:
    """A version's, or with @ before it a file's."""
    if which.startswith("@"):
        return read(read_text(runtime, which[1:]), which[1:])
    return find(runtime, kind, which).document


def show_comparison(runtime: Runtime, changes: list[Difference], *, as_json: bool) -> None:
    if as_json:
        emit([{"field": path, "before": before, "after": after} for path, before, after in changes])
    elif changes:
        show_differences(runtime, changes)
    else:
        runtime.say("Không khác nhau.", "No difference.")


def show_differences(runtime: Runtime, changes: list[Difference]) -> None:
    headers = {"vi": ("Chỗ", "Trước", "Sau"), "en": ("Field", "Before", "After")}[runtime.lang]
    table(headers, [(path, _said(a), _said(b)) for path, a, b in changes])


def _said(value: Any) -> str:
    return "-" if value is None else str(value)


def name_option(kind: RuleKind) -> Callable[[Function], Function]:
    return click.option(
        "--name", help=f"Tên, mặc định {rulebook.DEFAULT[kind]} / name, {rulebook.DEFAULT[kind]} by default."
    )
