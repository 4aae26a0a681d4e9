"""dondoc init: a home that is ready for `dondoc up`."""

import click

from cli.commands.db import prepare
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command
from config.instant import real_now
from workflow import accounts


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
    with runtime.writing() as db:
        code = accounts.first_run_code(db, real_now())
    if code is not None:
        address = f"{runtime.settings.base_url}/bat-dau"
        runtime.say(
            f"Mã tạo quản trị viên đầu tiên (chỉ in một lần): {code}. Dùng tại {address}.",
            f"Code for the first administrator (printed once): {code}. Use it at {address}.",
        )
