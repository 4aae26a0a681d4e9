"""dondoc init: a home that is ready for `dondoc up`."""

import click

from cli.commands.db import prepare
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command


def command() -> click.Command:
    return init


@click.command(
    cls=Command, help="Tạo thư mục dữ liệu, bảng và quy tắc mặc định / prepare a new installation."
)
@pass_runtime
def init(runtime: Runtime) -> None:
    prepare(runtime)
    home = runtime.settings.home
    runtime.say(
        f"Đã chuẩn bị {home}. Tiếp theo: dondoc import FILE, dondoc up.",
        f"{home} is ready. Next: dondoc import FILE, dondoc up.",
    )
