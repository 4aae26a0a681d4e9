"""dondoc clock: looks at the hour and rings."""

from functools import partial

import click

from cli.runtime import Runtime, pass_runtime
from cli.speech import Command
from config.instant import real_now


def command() -> click.Command:
    return clock


@click.command(cls=Command, help="Chạy đồng hồ: chỉ gọi việc, không tự làm / run the clock.")
@pass_runtime
def clock(runtime: Runtime) -> None:
    from tasks.clock import run_clock
    from tasks.nights import beat, night_is_missing

    engine = runtime.engine
    run_clock(
        runtime.settings,
        night_is_missing=partial(night_is_missing, engine),
        beat=lambda: beat(engine, "clock", real_now()),
    )
