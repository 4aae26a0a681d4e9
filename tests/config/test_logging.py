import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from config.logging import configure_logging


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_our_lines_and_those_of_libraries_leave_by_the_same_door(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    structlog.get_logger("tasks.jobs").info("swept", night="2026-08-21", note="đôn đốc")
    logging.getLogger("celery.worker").warning("lost %s", "broker")
    logging.getLogger("celery.app.trace").info("succeeded")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["night"], ours["note"]) == ("swept", "2026-08-21", "đôn đốc")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("lost broker", "warning", "celery.worker")


def test_a_line_break_in_a_value_does_not_make_a_second_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    structlog.get_logger("x").info("refused", given='a\n{"event": "forged"}')
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_traceback_stays_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    try:
        int("no such night")
    except ValueError:
        logging.getLogger("x").exception("failed")
    [line] = capsys.readouterr().err.splitlines()
    assert "'no such night'" in json.loads(line)["exception"]


def test_text_is_for_reading(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING", "text")
    structlog.get_logger("x").warning("night_missing", night="2026-08-21")
    structlog.get_logger("x").info("hidden")
    said = capsys.readouterr().err
    assert "night_missing" in said
    assert "hidden" not in said
