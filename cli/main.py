"""The `dondoc` command: one module per noun, loaded only when its noun is spoken."""

import os
import sys
from importlib import import_module
from typing import Any

import click

from cli import nouns
from cli.speech import Context, language


class Nouns(click.Group):
    """Looks a noun up in the table and imports its module: `--help` stays quick."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(nouns.TABLE)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in nouns.TABLE:
            return None
        module = import_module(f"cli.commands.{name.replace('-', '_')}")
        command: click.Command = module.command()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table alone, without importing a single command."""
        locale = language(sys.argv[1:])
        with formatter.section("Commands"):
            formatter.write_dl([(name, texts[locale]) for name, texts in nouns.TABLE.items()])


@click.command(
    cls=Nouns,
    help="Đôn đốc: nhiệm vụ từ kết luận giám sát, nhắc hạn, đôn đốc, có bằng chứng. / "
    "Directives from supervision conclusions: tracked, reminded, escalated, proven.",
)
@click.option("--lang", type=click.Choice(["vi", "en"]), default=None, help="Ngôn ngữ / language.")
@click.option("--as", "acting_as", metavar="EMAIL", default=None, help="Người thực hiện / who acts.")
@click.option("--yes", is_flag=True, help="Không hỏi lại / do not ask.")
@click.option("--no-color", is_flag=True, help="Không dùng màu / no colour.")
@click.option("--ascii", is_flag=True, help="Kẻ bảng bằng dấu ASCII / ASCII rules in tables.")
@click.version_option(package_name="dondoc", prog_name="dondoc")
@click.pass_context
def dondoc(ctx: click.Context, /, **options: Any) -> None:
    from cli.runtime import Runtime

    ctx.obj = Runtime(
        lang=options["lang"] or language([]), acting_as=options["acting_as"], yes=options["yes"]
    )
    if options["no_color"]:
        os.environ["NO_COLOR"] = "1"


def main() -> None:
    """Exit codes as documented; no stack trace ever reaches a user."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    try:
        status = dondoc.main(arguments, prog_name="dondoc", standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except KeyboardInterrupt:
        return 130
    except click.ClickException as wrong:
        from cli import usage

        usage.show(wrong, language(arguments))
        return wrong.exit_code
    except Exception as error:
        return _refused(error, language(arguments))
    return status if isinstance(status, int) else 0


def _refused(error: Exception, locale: str) -> int:
    from workflow.errors import InputMissing, WorkflowError

    if not isinstance(error, WorkflowError):
        from cli import accident

        return accident.report(error, locale)
    if isinstance(error, InputMissing) and "option" not in error.facts:
        from cli import acts

        error = acts.with_option(error)
    click.echo(error.text(locale), err=True)
    return error.exit_code


if __name__ == "__main__":
    main()
