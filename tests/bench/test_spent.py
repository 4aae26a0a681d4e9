"""What a benchmark says was used up."""

from threading import Thread
from time import thread_time

from sqlalchemy import Engine

from bench.spent import cpu_of_all

SECONDS = 0.05


def _work() -> None:
    while thread_time() < SECONDS:
        pass


def test_the_cpu_of_a_thread_that_ended_is_counted(engine: Engine) -> None:
    before = cpu_of_all(engine)
    worker = Thread(target=_work)
    worker.start()
    worker.join()
    assert cpu_of_all(engine) - before >= SECONDS
