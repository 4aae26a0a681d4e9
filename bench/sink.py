"""A relay that counts and forgets: the cheapest honest SMTP server, so that the sender is what is measured.

    python -m bench.sink ADDRESS_FILE [--latency MS] [--tls CERT KEY]

It speaks PIPELINING, answers every mail 250 and, asked `XCOUNT`, says how many it took.
"""

import argparse
import asyncio
import ssl
from pathlib import Path

END = b"\r\n.\r\n"


class Taking(asyncio.Protocol):
    """One connection. `latency` seconds pass before each flight of replies, as on a wire."""

    taken = 0

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.buffer = bytearray()
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._answer(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        replies = bytearray()
        while reply := self._next():
            replies += reply
        if replies:
            self._answer(bytes(replies))

    def _answer(self, replies: bytes) -> None:
        if self.latency:
            asyncio.get_running_loop().call_later(self.latency, self.transport.write, replies)
        else:
            self.transport.write(replies)

    def _next(self) -> bytes | None:
        if self.in_data:
            return self._end_of_mail()
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return None
        self.buffer = bytearray(rest) if len(rest) < 4096 else rest
        return self._obey(bytes(line[:6]).upper())

    def _end_of_mail(self) -> bytes | None:
        at = self.buffer.find(END)
        if at < 0:
            return None
        del self.buffer[: at + len(END)]
        self.in_data = False
        Taking.taken += 1
        return b"250 2.0.0 kept\r\n"

    def _obey(self, verb: bytes) -> bytes:
        if verb.startswith(b"EHLO"):
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        if verb.startswith(b"DATA"):
            self.in_data = True
            return b"354 go on\r\n"
        if verb == b"XCOUNT":
            return b"250 %d\r\n" % Taking.taken
        if verb.startswith(b"QUIT"):
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
            return b""
        return b"250 2.0.0 ok\r\n"


async def serve(address_file: Path, latency: float, context: ssl.SSLContext | None) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Taking(latency), "127.0.0.1", 0, ssl=context)
    host, port = server.sockets[0].getsockname()[:2]
    draft = address_file.with_suffix(".draft")
    draft.write_text(f"{host}:{port}", encoding="ascii")
    draft.replace(address_file)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("address_file", type=Path)
    parser.add_argument(
        "--latency", type=float, default=0.0, help="milliseconds before each flight of replies"
    )
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    options = parser.parse_args()
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    asyncio.run(serve(options.address_file, options.latency / 1000, context))


if __name__ == "__main__":
    main()
