"""A real Redis or Valkey for the tests, started and broken at will."""

import shutil
import tempfile
from pathlib import Path

import redis

from tasks.broker import PrivateBroker, server_binary


class RedisServer(PrivateBroker):
    def __init__(self) -> None:
        binary = server_binary()
        assert binary is not None, "no Redis: install redis-server, or the requirements"
        self.home = Path(tempfile.mkdtemp(prefix="dondoc-redis-"))
        super().__init__(binary, self.home)

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket))

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.home)
