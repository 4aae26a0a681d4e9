"""Counting tries: in Redis where all processes share one, else in this process alone."""

from urllib.parse import parse_qs

import structlog
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

log = structlog.get_logger("web")
SHARED = ("redis://", "rediss://", "redis+socket://")


class Limiter:
    """While Redis is away each process counts for itself: a limit never locks everybody out."""

    def __init__(self, broker_url: str | None) -> None:
        self.own = MovingWindowRateLimiter(MemoryStorage())
        self.shared = MovingWindowRateLimiter(_storage(broker_url)) if _is_shared(broker_url) else None

    def hit(self, item: RateLimitItem, *whose: str) -> bool:
        if self.shared is not None:
            try:
                return self.shared.hit(item, *whose)
            except RedisError as error:
                log.warning("limits are counted by each process alone", why=type(error).__name__)
        return self.own.hit(item, *whose)


def _is_shared(url: str | None) -> bool:
    return url is not None and url.startswith(SHARED)


def _storage(url: str | None) -> RedisStorage:
    """A socket is written one way for the broker and another way for the counter."""
    assert url is not None
    path, _, options = url.partition("?")
    number = parse_qs(options).get("virtual_host", ["0"])[0].strip("/")
    is_socket = path.startswith("redis+socket://")
    said = f"{path.replace('redis+socket', 'redis+unix', 1)}?db={number}" if is_socket else url
    return RedisStorage(said, socket_timeout=1, socket_connect_timeout=1)
