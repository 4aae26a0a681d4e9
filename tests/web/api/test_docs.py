"""The pages of documentation: the reference is the document's own, and the commands of the how-tos work."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from tests.web.api.receiver import listening
from tests.web.house import House
from web.api import nouns, reference, schema
from workflow.webhook_calls import BACK_OFF
from workflow.webhooks import ASKED

DOCS = Path(__file__).resolve().parents[3] / "docs"
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def test_the_reference_is_written_from_the_document() -> None:
    written = (DOCS / "reference/api.md").read_text(encoding="utf-8")
    assert written == reference.markdown(schema.document(nouns.DESCRIBED)), (
        "python -m web.api.reference > docs/reference/api.md"
    )


def test_every_event_and_every_wait_is_told() -> None:
    page = (DOCS / "how-to/webhooks.md").read_text(encoding="utf-8")
    assert [one.value for one in ASKED if f"| `{one.value}` |" not in page] == []
    assert list(BACK_OFF) == [5, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000]
    assert "5 s, 1 min, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h and 20 h" in page


def test_the_commands_about_the_api_do_what_they_say(lived_in: House, tmp_path: Path) -> None:
    with _served(lived_in) as address:
        said = _run("how-to/use-the-api.md", lived_in, tmp_path, DONDOC=address)
    assert '"name":"Ben"' in said
    assert '"total":' in said
    assert '"to_state":"acknowledged"' in said


def test_the_commands_about_webhooks_do_what_they_say(lived_in: House, tmp_path: Path) -> None:
    with listening() as receiver:
        said = _run(
            "how-to/webhooks.md", lived_in, tmp_path, RECEIVER=receiver.url, DONDOC_WEBHOOK_HOSTS="127.0.0.1"
        )
    assert "whsec_" in said
    assert receiver.url in said


def _run(page: str, house: House, folder: Path, **more: str) -> str:
    """All commands of the page in one shell that stops at the first that fails."""
    commands = "\n".join(SHELL.findall((DOCS / page).read_text(encoding="utf-8")))
    program = folder / "dondoc"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli.main "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    url = house.engine.url.render_as_string(hide_password=False)
    environment = {
        **os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(DOCS.parent),
        "DONDOC_HOME": str(house.settings.home), "DONDOC_DATABASE_URL": url,
        "DONDOC_CLOCK_FILE": str(house.settings.clock_file), **more,
    }  # fmt: skip
    done = subprocess.run(
        ["/bin/sh", "-ec", commands],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def _served(house: House) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(house.app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            thread.join(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
