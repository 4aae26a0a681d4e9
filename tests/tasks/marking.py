"""A Celery application for the tests: our configuration, and tasks that leave marks in a file.

DONDOC_BROKER_URL names the broker, MARKS the file.
"""

import os
import time
from pathlib import Path

from celery import Celery

from tasks.app import configuration, guard_kombu

guard_kombu()
app = Celery("marking")
app.conf.update(configuration(os.environ["DONDOC_BROKER_URL"], "Asia/Ho_Chi_Minh"))
app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": 5}
if "SOFT_SHUTDOWN" in os.environ:
    app.conf.worker_soft_shutdown_timeout = float(os.environ["SOFT_SHUTDOWN"])


def _mark(word: str) -> None:
    with Path(os.environ["MARKS"]).open("a") as marks:
        marks.write(f"{word}\n")


@app.task(name="test.mark")
def mark(word: str) -> None:
    _mark(word)


@app.task(name="test.slow")
def slow(word: str, seconds: float) -> None:
    _mark(f"begin {word}")
    time.sleep(seconds)
    _mark(f"end {word}")
