"""dondoc serve: the pages and the API."""

import click

from cli.runtime import Runtime, pass_runtime
from cli.speech import Command


def command() -> click.Command:
    return serve


@click.command(cls=Command, help="Chạy trang web và API / serve the pages.")
@click.option("--host", help="Giao diện mạng, mặc định DONDOC_HOST / interface.")
@click.option("--port", type=click.IntRange(1, 65535), help="Cổng, mặc định DONDOC_PORT / port.")
@pass_runtime
def serve(runtime: Runtime, host: str | None, port: int | None) -> None:
    import uvicorn

    settings = runtime.settings
    uvicorn.run(
        "web.app:app",
        host=host or settings.host,
        port=port or settings.port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=10,
    )
