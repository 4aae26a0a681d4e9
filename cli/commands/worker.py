"""dondoc worker: the Celery worker that sweeps and delivers."""

from functools import partial

import click

from cli.runtime import Runtime, pass_runtime
from cli.speech import Command
from config.instant import real_now


def command() -> click.Command:
    return worker


@click.command(cls=Command, help="Chạy tiến trình làm việc / run the worker.")
@pass_runtime
def worker(runtime: Runtime) -> None:
    from tasks.nights import beat, night_is_missing
    from tasks.worker import run_worker

    engine = runtime.engine
    run_worker(
        runtime.settings,
        night_is_missing=partial(night_is_missing, engine),
        beat=lambda: beat(engine, "worker", real_now()),
    )
