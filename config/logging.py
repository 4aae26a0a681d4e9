"""One line per fact, to standard error: JSON for machines, or text for people. Nothing secret goes in."""

import logging
import logging.config
import sys
from typing import Literal

import structlog
from structlog.typing import Processor

# a poll every few seconds would drown what matters; our own jobs say what they did, and an address may hold a token
QUIET = (
    "apscheduler", "alembic", "mail.log", "asyncio", "celery.worker.strategy", "celery.app.trace", "httpx", "httpx2",
)  # fmt: skip


def configure_logging(level: str, form: Literal["json", "text"]) -> None:
    """Our own lines and those of the libraries leave by the same door."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _line(form)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _line(form: Literal["json", "text"]) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
