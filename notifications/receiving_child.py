"""The child process that takes foreign mail apart: `python -m notifications.receiving_child`.

Reads one mail after the other from standard input, each with its length before it, and answers each with
one JSON object. It limits itself before it reads a byte: no network, no programs, little memory and time.
"""

import base64
import json
import re
import struct
import sys
from dataclasses import asdict
from datetime import date
from typing import Any, BinaryIO

from notifications.bounces import parse_bounces
from notifications.replies import Head, UnreadableMail, parse_head, parse_reply

LENGTH = struct.Struct(">I")
_CPU_SECONDS = 30
_MEMORY_BYTES = 512 * 1024 * 1024
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def answer(wanted: dict[str, Any], data: bytes) -> dict[str, Any]:
    """`reply` and `bounces`, or `refused` with what the head says of it."""
    if "refuse" in wanted:
        return {"refused": wanted["refuse"], "head": asdict(_head(wanted.get("sender"), data))}
    try:
        reply = parse_reply(data, wanted.get("sender"), wanted.get("recipient"))
        bounces = [asdict(bounce) for bounce in parse_bounces(data)]
        return {"reply": asdict(reply), "bounces": bounces}
    except UnreadableMail as refusal:
        reason = str(refusal)
    except (MemoryError, RecursionError):
        reason = "too_complex"
    except Exception:
        reason = "damaged"
    return {"refused": reason, "head": asdict(_head(wanted.get("sender"), data))}


def _head(sender: str | None, data: bytes) -> Head:
    try:
        return parse_head(data, sender)
    except Exception:
        return Head()


def _plain(value: object) -> object:
    """What JSON does not know: bytes and days."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


def _clean(value: Any) -> Any:
    """Without characters that no database or screen must meet."""
    if isinstance(value, str):
        return _UNSAFE.sub("", value)
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(one) for one in value]
    return value


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's wall clock is the limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _more_time() -> None:
    """The processor time of one mail, from here on."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _guard(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _block(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def main() -> None:
    _limit()
    sys.addaudithook(_guard)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    while (wanted := _block(source)) is not None and (data := _block(source)) is not None:
        _more_time()
        said = json.dumps(_clean(answer(json.loads(wanted), data)), default=_plain).encode()
        out.write(LENGTH.pack(len(said)) + said)
        out.flush()


if __name__ == "__main__":
    main()
