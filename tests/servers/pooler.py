"""A pooler by transaction in front of a PostgreSQL, as PgBouncer is in its mode `transaction`, and a little worse.

Every transaction goes to another backend than the one before, and nothing is reset in between: whatever a client
leaves in a server session is lost to it and in the way of somebody else.
"""

import selectors
import shutil
import socket
import struct
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PORT = 5432
PROTOCOL = 196_608
WAIT = 20.0  # seconds for a free backend
ENDED = b"X"
ASKS = b"QS"
"""Query and Sync: each is answered by one ReadyForQuery."""


class Wire:
    """One connection whose bytes are read message by message: (type, whole message)."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.buffer = bytearray()

    def read(self) -> Iterator[tuple[bytes, bytes]] | None:
        """None when the other side is gone."""
        try:
            data = self.end.recv(65_536)
        except OSError:
            data = b""
        self.buffer += data
        return self._whole() if data else None

    def _whole(self) -> Iterator[tuple[bytes, bytes]]:
        while len(self.buffer) >= 5 and len(self.buffer) > (size := int.from_bytes(self.buffer[1:5])):
            message = bytes(self.buffer[: size + 1])
            del self.buffer[: size + 1]
            yield message[:1], message


class Pooler:
    """`statements` is what all clients sent; `prepared` the names they gave; `swaps` counts changes of backend."""

    def __init__(self, server: Path, database: str, backends: int = 3) -> None:
        self.server, self.database = server, database
        self.folder = Path(tempfile.mkdtemp(prefix="dondoc-pool-"))
        self.statements: list[str] = []
        self.prepared: list[str] = []
        self.swaps = 0
        self.greeting = b""
        self.free: deque[Wire] = deque(self._backend() for _ in range(backends))
        self.freed = threading.Condition()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.folder / f".s.PGSQL.{PORT}"))
        self._listening.listen(50)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/{self.database}?host={self.folder}&port={PORT}"

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for backend in self.free:
            backend.end.close()
        shutil.rmtree(self.folder)

    def _backend(self) -> Wire:
        end = socket.socket(socket.AF_UNIX)
        end.connect(str(self.server / f".s.PGSQL.{PORT}"))
        facts = f"user\0postgres\0database\0{self.database}\0\0".encode()
        end.sendall(struct.pack("!ii", len(facts) + 8, PROTOCOL) + facts)
        wire, said = Wire(end), b""
        while (messages := wire.read()) is not None:
            for kind, message in messages:
                said += message
                if kind == b"Z":
                    self.greeting = said
                    return wire
        raise AssertionError("the server behind the pooler refused a connection")

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            begins = client.recv(65_536, socket.MSG_PEEK)[:8]
            if len(begins) < 8 or struct.unpack("!ii", begins)[1] != PROTOCOL:
                return  # somebody who wants to cancel; nobody here is worth it
            client.recv(struct.unpack("!ii", begins)[0], socket.MSG_WAITALL)
            client.sendall(self.greeting)
            with suppress(BrokenPipeError):
                Client(self, Wire(client)).serve()

    def take(self, last: Wire | None) -> Wire:
        """Another backend than the client had last."""
        with self.freed:
            assert self.freed.wait_for(lambda: any(one is not last for one in self.free), WAIT)
            chosen = next(one for one in self.free if one is not last)
            self.free.remove(chosen)
            self.swaps += last is not None
            return chosen

    def give(self, backend: Wire) -> None:
        with self.freed:
            self.free.append(backend)
            self.freed.notify_all()

    def note(self, kind: bytes, message: bytes) -> None:
        if kind == b"Q":
            self.statements.append(message[5:-1].decode())
        elif kind == b"P":
            name, statement = message[5:].split(b"\0", 2)[:2]
            self.statements.append(statement.decode())
            if name:
                self.prepared.append(name.decode())


class Client:
    """`asked`: answers it waits for. `begun`: messages sent that no Sync has closed yet."""

    def __init__(self, pooler: Pooler, wire: Wire) -> None:
        self.pooler, self.wire = pooler, wire
        self.backend: Wire | None = None
        self.last: Wire | None = None
        self.asked, self.begun = 0, False

    def serve(self) -> None:
        with selectors.DefaultSelector() as both:
            self.both = both
            both.register(self.wire.end, selectors.EVENT_READ, self._hear)
            while all(key.data() for key, _ in both.select()):
                pass
        if self.backend is not None:  # gone in the middle of a transaction, which ends with its backend
            self.backend.end.close()
            self.pooler.give(self.pooler._backend())

    def _hear(self) -> bool:
        messages = self.wire.read()
        if messages is None:
            return False
        for kind, message in messages:
            if kind == ENDED:
                return False
            if self.backend is None:
                self.backend = self.pooler.take(self.last)
                self.both.register(self.backend.end, selectors.EVENT_READ, self._answer)
            self.pooler.note(kind, message)
            self.asked += kind in ASKS
            self.begun = kind not in ASKS
            self.backend.end.sendall(message)
        return True

    def _answer(self) -> bool:
        backend = self.backend
        assert backend is not None
        messages = backend.read()
        if messages is None:
            return False
        for kind, message in messages:
            self.asked -= kind == b"Z"
            if message == b"Z\0\0\0\x05I" and not self.asked and not self.begun:
                self._let_go(backend)
            self.wire.end.sendall(message)
        return True

    def _let_go(self, backend: Wire) -> None:
        """Before the client hears that it ended: it may speak again at once."""
        self.both.unregister(backend.end)
        self.backend, self.last = None, backend
        self.pooler.give(backend)
