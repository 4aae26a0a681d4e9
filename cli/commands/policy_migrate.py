"""dondoc policy preview, migrate: what another version would move, and moving a selection to it."""

from typing import Any

import click

from cli.acts import read_text
from cli.output import emit, remark, table
from cli.rule_files import find
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json, plans
from workflow import migration
from workflow.authority import only_administrator
from workflow.migration import Change, Selection
from workflow.models.rule_version import RuleKind
from workflow.policy import Policy, load_policy
from workflow.words import OBLIGATIONS

KIND = RuleKind.POLICY
SELECTION = (
    click.argument("codes", nargs=-1, metavar="[CODE]…"),
    click.option("--supervision", metavar="CODE", help="Chỉ cuộc giám sát này / of this supervision."),
    click.option("--lead", metavar="AGENCY", help="Chỉ cơ quan chủ trì này / led by this agency."),
    click.option(
        "--from", "from_version", metavar="WHICH", help="Chỉ những nhiệm vụ theo bản này / pinned to it."
    ),
)


def selection(function: Any) -> Any:
    for option in reversed(SELECTION):
        function = option(function)
    return function


def selected(
    runtime: Runtime, kind: RuleKind, codes: tuple[str, ...], supervision: str | None, lead: str | None, from_version: str | None
) -> Selection:  # fmt: skip
    old = find(runtime, kind, from_version).id if from_version else None
    return Selection(codes, supervision, lead, old)


@click.command(
    cls=Command, help="Một bản (hoặc @TỆP) sẽ dời những gì; chưa ghi gì / what a version would move."
)
@click.argument("which")
@selection
@as_json
@pass_runtime
def preview(runtime: Runtime, /, which: str, as_json: bool, **chosen: Any) -> None:
    policy = _policy(runtime, which)
    wanted = selected(runtime, KIND, **chosen)
    with runtime.rehearsal() as desk:
        only_administrator(desk, migration.MIGRATE, which)
        changes = migration.preview(desk.db, policy, wanted, desk.today)
        if as_json:
            emit([one.as_json() for one in changes])
        else:
            show_changes(runtime, changes)


def _policy(runtime: Runtime, which: str) -> Policy:
    if which.startswith("@"):
        return load_policy(read_text(runtime, which[1:]), which[1:])
    row = find(runtime, KIND, which)
    return load_policy(row.source, row.name)


def show_changes(runtime: Runtime, changes: list[Change]) -> None:
    headers = {
        "vi": ("Mã", "Việc", "Hạn cũ", "Hạn mới", "Mốc bỏ", "Mốc thêm"),
        "en": ("Code", "Act", "Due before", "Due then", "Steps gone", "Steps added"),
    }[runtime.lang]
    rows = [
        (
            one.directive.code, OBLIGATIONS[one.obligation.kind][runtime.lang], one.was_on, one.due_on,
            _steps(one.gone), _steps(one.added),
        )
        for one in changes
    ]  # fmt: skip
    table(headers, rows)
    due = sum(one.due_on != one.was_on for one in changes)
    gone, added = sum(len(one.gone) for one in changes), sum(len(one.added) for one in changes)
    remark(
        runtime.text(
            f"{len(changes)} nghĩa vụ thay đổi: {due} hạn dời, {gone} mốc bỏ, {added} mốc thêm.",
            f"{len(changes)} obligations change: {due} due dates move, {gone} steps go, {added} are added.",
        )
    )


def _steps(steps: tuple[migration.Planned, ...]) -> str:
    return ", ".join(f"{one.step} {one.on:%d/%m}" for one in steps)


@click.command(cls=Command, help="Chuyển nhiệm vụ đang mở sang một bản; xem trước rồi mới làm / migrate.")
@click.argument("which")
@selection
@click.option("--reason", required=True, help="Lý do ghi vào nhật ký / reason for the journal.")
@plans
@pass_runtime
def migrate(runtime: Runtime, /, which: str, reason: str, yes: bool, dry_run: bool, **chosen: Any) -> None:
    runtime.yes = runtime.yes or yes
    row, wanted = find(runtime, KIND, which), selected(runtime, KIND, **chosen)
    with runtime.rehearsal() as desk:
        show_changes(runtime, migration.migrate(desk, row, wanted, reason))
    if dry_run:
        runtime.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")
        return
    runtime.confirm(f"Chuyển sang {row.name} bản {row.number}?", f"Move to {row.name} version {row.number}?")
    with runtime.desk() as desk:
        changes = migration.migrate(desk, row, wanted, reason)
    runtime.say(
        f"Đã chuyển sang {row.name} bản {row.number}; {len(changes)} nghĩa vụ thay đổi.",
        f"Moved to {row.name} version {row.number}; {len(changes)} obligations changed.",
    )
