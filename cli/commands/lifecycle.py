"""dondoc lifecycle: states, moves, who may make them."""

from typing import Any

import click

from cli.commands.policy_migrate import selected, selection
from cli.output import emit, table
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
from workflow import migration
from workflow.lifecycle import Lifecycle, load_lifecycle, to_document
from workflow.models.rule_version import RuleKind
from workflow.moves import PREVIOUS, SAME, Move
from workflow.rule_differences import of_lifecycles

KIND = RuleKind.LIFECYCLE


def command() -> click.Command:
    return lifecycle


@click.group(cls=Group, help="Vòng đời nhiệm vụ / the life of a directive.")
def lifecycle() -> None:
    pass


@lifecycle.command("list", help="Các bản / versions.")
@as_json
@pass_runtime
def list_lifecycles(runtime: Runtime, as_json: bool) -> None:
    show_versions(runtime, KIND, as_json=as_json)


@lifecycle.command(help="Trạng thái và việc, hoặc sơ đồ Mermaid / states and moves, or a diagram.")
@click.argument("which", required=False)
@click.option("--diagram", is_flag=True, help="Sơ đồ Mermaid / Mermaid source.")
@as_json
@pass_runtime
def show(runtime: Runtime, which: str | None, diagram: bool, as_json: bool) -> None:
    row = find(runtime, KIND, which)
    life = load_lifecycle(row.source, row.name)
    if as_json:
        emit(to_document(life) | {"number": row.number, "version": row.version})
    elif diagram:
        click.echo(life.diagram(runtime.lang), nl=False)
    else:
        _show_moves(runtime, life)


def _show_moves(runtime: Runtime, life: Lifecycle) -> None:
    headers = {
        "vi": ("Việc", "Tên", "Từ", "Đến", "Ai được làm", "Phải nêu", "Báo cho"),
        "en": ("Move", "Name", "From", "To", "By", "Requires", "Tells"),
    }[runtime.lang]
    table(headers, [_cells(runtime, life, move) for move in life.moves])


def _cells(runtime: Runtime, life: Lifecycle, move: Move) -> tuple[object, ...]:
    locale = runtime.lang
    special = {
        SAME: runtime.text("không đổi", "unchanged"),
        PREVIOUS: runtime.text("như trước khi dừng", "as before the pause"),
    }
    return (
        move.title[locale],
        move.name,
        ", ".join(life.states[name].title[locale] for name in move.sources),
        special.get(move.to) or life.states[move.to].title[locale],
        ", ".join(life.roles[role][locale] for role in move.by),
        ", ".join(move.requires),
        ", ".join(sorted({word for tell in move.tells for word in tell.to})),
    )


@lifecycle.command(help="Kiểm tra tệp, nêu mọi lỗi / check a file, all faults at once.")
@click.argument("file")
@as_json
@pass_runtime
def check(runtime: Runtime, file: str, as_json: bool) -> int:
    return check_file(runtime, file, load_lifecycle, as_json=as_json)


@lifecycle.command(help="Ban hành tệp; nhiệm vụ mới theo bản này / publish for new directives.")
@click.argument("file")
@name_option(KIND)
@plans
@pass_runtime
def publish(runtime: Runtime, file: str, name: str | None, yes: bool, dry_run: bool) -> None:
    publish_file(runtime, KIND, file, load_lifecycle, name=name, yes=yes, dry_run=dry_run)


@lifecycle.command(help="Hai bản khác nhau ở đâu; mỗi bên là một bản hoặc @TỆP / where two versions differ.")
@click.argument("a")
@click.argument("b")
@as_json
@pass_runtime
def diff(runtime: Runtime, a: str, b: str, as_json: bool) -> None:
    changes = of_lifecycles(*(document_of(runtime, KIND, which, _read) for which in (a, b)))
    show_comparison(runtime, changes, as_json=as_json)


def _read(text: str, name: str) -> dict[str, Any]:
    return to_document(load_lifecycle(text, name))


@lifecycle.command(
    help="Chuyển nhiệm vụ đang mở sang một bản; --map trạng_thái_cũ=mới / migrate open directives."
)
@click.argument("which")
@selection
@click.option(
    "--map", "mapped", multiple=True, metavar="OLD=NEW", help="Trạng thái đổi tên / a state renamed."
)
@click.option("--reason", required=True, help="Lý do ghi vào nhật ký / reason for the journal.")
@plans
@pass_runtime
def migrate(
    runtime: Runtime,
    /,
    which: str,
    mapped: tuple[str, ...],
    reason: str,
    yes: bool,
    dry_run: bool,
    **chosen: Any,
) -> None:
    runtime.yes = runtime.yes or yes
    row, wanted = find(runtime, KIND, which), selected(runtime, KIND, **chosen)
    mapping = dict(_pair(runtime, one) for one in mapped)
    with runtime.rehearsal() as desk:
        moved = migration.migrate_lifecycle(desk, row, mapping, wanted, reason)
        headers = {"vi": ("Mã", "Trước", "Sau"), "en": ("Code", "Before", "After")}[runtime.lang]
        table(headers, [(one.code, before, after) for one, before, after in moved])
    if dry_run:
        runtime.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")
        return
    runtime.confirm(f"Chuyển {len(moved)} nhiệm vụ sang bản {row.number}?", f"Move {len(moved)} directives?")
    with runtime.desk() as desk:
        moved = migration.migrate_lifecycle(desk, row, mapping, wanted, reason)
    runtime.say(f"Đã chuyển {len(moved)} nhiệm vụ.", f"{len(moved)} directives were moved.")


def _pair(runtime: Runtime, text: str) -> tuple[str, str]:
    old, mark, new = text.partition("=")
    if not (old and mark and new):
        raise click.UsageError(runtime.text("--map phải có dạng cũ=mới.", "--map takes OLD=NEW."))
    return old, new
