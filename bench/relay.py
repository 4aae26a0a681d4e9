"""The sink as a process, and the cheapest way there is to hand mails to it."""

import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tasks import child

WINDOW = 50
"""Mails whose replies may be outstanding on the floor's connection."""


@dataclass(frozen=True)
class Sink:
    host: str
    port: int
    scheme: str = "smtp"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}" + (
            "" if self.scheme == "smtps" else "?starttls=never"
        )


@contextmanager
def sink(latency_ms: float = 0.0, tls: tuple[Path, Path] | None = None) -> Iterator[Sink]:
    with tempfile.TemporaryDirectory(prefix="dondoc-sink-") as folder:
        address = Path(folder) / "address"
        command: list[object] = [sys.executable, "-m", "bench.sink", address, "--latency", latency_ms]
        if tls:
            command += ["--tls", *tls]
        process = child.spawn(command)
        try:
            host, port = _address(process, address)
            yield Sink(host, int(port), "smtps" if tls else "smtp")
        finally:
            child.stop(process, 5)


def _address(process: "subprocess.Popen[bytes]", file: Path) -> tuple[str, str]:
    while not file.exists():
        assert process.poll() is None, "the sink did not start"
        time.sleep(0.01)
    host, _, port = file.read_text(encoding="ascii").partition(":")
    return host, port


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed pair for localhost, for an hour of measuring."""
    pair = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-out", pair[0], "-keyout", pair[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return pair


def pour(sink: Sink, mails: Sequence[bytes]) -> float:
    """The floor: ready bytes over one pipelined socket; seconds until the last 250."""
    began = time.perf_counter()
    with _connected(sink) as wire, wire.makefile("rb") as replies:
        replies.readline()
        wire.sendall(b"EHLO floor\r\n")
        while replies.readline()[3:4] == b"-":
            pass
        for start in range(0, len(mails), WINDOW):
            some = mails[start : start + WINDOW]
            wire.sendall(
                b"".join(
                    b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n" + mail + b"\r\n.\r\n"
                    for mail in some
                )
            )
            for _ in range(4 * len(some)):
                replies.readline()
    return time.perf_counter() - began


def taken(sink: Sink) -> int:
    """Mails it has answered 250 since it started."""
    with _connected(sink) as wire, wire.makefile("rb") as replies:
        replies.readline()
        wire.sendall(b"XCOUNT\r\n")
        return int(replies.readline().split()[1])


def _connected(sink: Sink) -> socket.socket:
    """Like a relay's client of the same house, it believes any certificate."""
    wire = socket.create_connection((sink.host, sink.port))
    if sink.scheme == "smtp":
        return wire
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(wire)
