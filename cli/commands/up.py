"""dondoc up: everything on one machine, with nothing installed beside it."""

import click

from cli.commands.db import prepare
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command


def command() -> click.Command:
    return up


@click.command(
    cls=Command, help="Chạy tất cả trên một máy: hàng đợi, tiến trình, đồng hồ, trang web / run it all."
)
@click.option("--no-pages", is_flag=True, help="Không chạy trang web / without the pages.")
@pass_runtime
def up(runtime: Runtime, no_pages: bool) -> None:
    from tasks.embedded import embedded

    runtime.say(
        f"Đôn đốc đang chạy tại {runtime.settings.base_url} (Ctrl-C để dừng).",
        f"Đôn đốc is running at {runtime.settings.base_url} (Ctrl-C stops it).",
    )
    embedded(runtime.settings, migrate=lambda: _prepare(runtime), pages=not no_pages).run()


def _prepare(runtime: Runtime) -> None:
    """Says how to get in where nobody can yet; the code itself is not for a log."""
    from workflow.accounts import has_administrator

    prepare(runtime)
    with runtime.reading() as db:
        is_new = not has_administrator(db)
    if is_new:
        runtime.say(
            f"Chưa ai có tài khoản: chạy dondoc init để lấy mã, rồi mở {runtime.settings.base_url}/bat-dau.",
            f"Nobody has an account yet: run dondoc init for a code, then open {runtime.settings.base_url}/bat-dau.",
        )
