"""dondoc policy: reminder rungs and escalation levels as data."""

from typing import Any

import click

from cli.commands.policy_choices import choices, choose, forget, programme
from cli.commands.policy_migrate import migrate, preview
from cli.output import emit
from cli.rule_files import (
    check_file,
    document_of,
    find,
    name_option,
    publish_file,
    show_comparison,
    show_versions,
)
from cli.runtime import Runtime, pass_runtime
from cli.speech import Group, as_json, plans
from workflow.models.rule_version import RuleKind
from workflow.policy import load_policy, to_document
from workflow.rule_differences import of_policies

KIND = RuleKind.POLICY


def command() -> click.Command:
    return policy


@click.group(cls=Group, help="Chính sách nhắc và đôn đốc / reminder and escalation policy.")
def policy() -> None:
    pass


for _one in (preview, migrate, choices, choose, forget, programme):
    policy.add_command(_one)


@policy.command("list", help="Các bản, bản đang dùng, số nhiệm vụ theo từng bản / versions.")
@as_json
@pass_runtime
def list_policies(runtime: Runtime, as_json: bool) -> None:
    show_versions(runtime, KIND, as_json=as_json)


@policy.command(help="Nội dung một bản: số, mã băm hoặc tên / one version.")
@click.argument("which", required=False)
@as_json
@pass_runtime
def show(runtime: Runtime, which: str | None, as_json: bool) -> None:
    row = find(runtime, KIND, which)
    if as_json:
        emit(
            {"number": row.number, "version": row.version, "active": row.is_active, "document": row.document}
        )
    else:
        click.echo(row.source, nl=not row.source.endswith("\n"))


@policy.command(help="Kiểm tra tệp, nêu mọi lỗi / check a file, all faults at once.")
@click.argument("file")
@as_json
@pass_runtime
def check(runtime: Runtime, file: str, as_json: bool) -> int:
    return check_file(runtime, file, load_policy, as_json=as_json)


@policy.command(help="Ban hành tệp; nhiệm vụ mới theo bản này / publish for new directives.")
@click.argument("file")
@name_option(KIND)
@plans
@pass_runtime
def publish(runtime: Runtime, file: str, name: str | None, yes: bool, dry_run: bool) -> None:
    publish_file(runtime, KIND, file, load_policy, name=name, yes=yes, dry_run=dry_run)


@policy.command(help="Hai bản khác nhau ở đâu; mỗi bên là một bản hoặc @TỆP / where two versions differ.")
@click.argument("a")
@click.argument("b")
@as_json
@pass_runtime
def diff(runtime: Runtime, a: str, b: str, as_json: bool) -> None:
    changes = of_policies(*(document_of(runtime, KIND, which, _read) for which in (a, b)))
    show_comparison(runtime, changes, as_json=as_json)


def _read(text: str, name: str) -> dict[str, Any]:
    return to_document(load_policy(text, name))
