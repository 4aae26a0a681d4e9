"""What all requests share: settings, the database, the templates, the limits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from jinja2 import Environment
from limits import RateLimitItem, parse
from sqlalchemy import Engine

from config import instant
from config.settings import Settings
from web import house_mark
from web.limiter import Limiter
from web.metrics import Metrics
from web.refusals import TooOften
from web.templating import environment

DEMO_MAIL = Path("mail-server") / "mail"
LIMITS: dict[str, RateLimitItem] = {
    "sign in": parse("10/minute"),
    "sign in, address": parse("30/minute"),
    "outside": parse("30/minute"),
    "code": parse("3/hour"),
    "code, address": parse("20/hour"),
    "first run": parse("10/hour"),
    "reset": parse("3/hour"),
    "simulate": parse("6/minute"),
    "trial mail": parse("10/hour"),
    "report": parse("30/minute"),
    "answer link": parse("30/minute"),
    "answer link, mail": parse("3/hour"),
    "calendar feed": parse("60/minute"),
    "unsubscribe": parse("120/minute"),
    "token": parse("600/minute"),
    "wrong token": parse("30/minute"),
}

KEPT_SECONDS = 5.0
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Site:
    settings: Settings
    engine: Engine
    metrics: Metrics
    pages: Environment
    limiter: Limiter
    kept: dict[str, tuple[float, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, engine: Engine) -> "Site":
        pages, limiter = environment(settings.timezone), Limiter(settings.broker_url)
        return cls(settings, engine, Metrics(), pages, limiter)

    def now(self) -> datetime:
        """The product's clock: what is late, what is due."""
        return instant.now(self.settings)

    def real_now(self) -> datetime:
        """The machine's clock: who may still be signed in."""
        return instant.real_now()

    @property
    def is_secure(self) -> bool:
        return urlsplit(self.settings.base_url).scheme == "https"

    @property
    def mark(self) -> str | None:
        """The stamp of the office's own mark; None shows ours."""
        return house_mark.stamp(self.settings.home)

    @property
    def mailbox(self) -> Path | None:
        """The Maildir mails stay in, where none leaves this machine: the embedded folder, or the demo's."""
        kind, _, folder = self.settings.smtp_url.partition(":")
        if kind == "mailbox":
            return Path(folder)
        kept = self.settings.home / DEMO_MAIL
        return kept if self.settings.clock_file is not None and kept.is_dir() else None

    def recent(self, name: str, ask: Callable[[], Answer]) -> Answer:
        """What every page shows of the whole house, asked anew every few seconds and not with every page.

        A clock that is a file (demo, tests) may jump: there it is always asked.
        """
        if self.settings.clock_file is not None:
            return ask()
        until, answer = self.kept.get(name, (0.0, None))
        if until < monotonic():
            answer = ask()
            self.kept[name] = monotonic() + KEPT_SECONDS, answer
        return cast("Answer", answer)

    @property
    def words(self) -> tuple[str, ...]:
        """Names of the house, which no password may be made of."""
        return self.settings.delegation, urlsplit(self.settings.base_url).hostname or ""

    def limit(self, name: str, *whose: str) -> None:
        """Count one try; raises TooOften past the limit. It always ends: nobody is locked out for good."""
        if not self.limiter.hit(LIMITS[name], name, *whose):
            raise TooOften
