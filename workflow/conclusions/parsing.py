"""The child process that opens foreign files: `python -m workflow.conclusions.parsing KIND < FILE`.

Answers one JSON object: {"text": …} or {"refused": reason}. It limits itself before it reads a byte.
"""

import json
import sys

from workflow.conclusions.refusal import Refused

_CPU_SECONDS = 30
_MEMORY_BYTES = 512 * 1024 * 1024
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)


def _limit() -> None:
    """No more time, memory or files than a document needs; no network, no other programs."""
    try:
        import resource
    except ImportError:  # Windows: the parent's wall clock is the limit
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _guard(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _parse(kind: str, data: bytes) -> str:
    if kind == "docx":
        from workflow.conclusions.docx import text_of
    elif kind == "pdf":
        from workflow.conclusions.pdf import text_of
    else:
        from workflow.conclusions.html import text_of
    return text_of(data)


def _answer(kind: str, data: bytes) -> dict[str, str]:
    try:
        return {"text": _parse(kind, data)}
    except Refused as refusal:
        return {"refused": refusal.reason}
    except (MemoryError, RecursionError):
        return {"refused": "too_complex"}
    except Exception:
        return {"refused": "damaged"}


def main() -> None:
    _limit()
    data = sys.stdin.buffer.read()
    sys.addaudithook(_guard)
    sys.stdout.buffer.write(json.dumps(_answer(sys.argv[1], data)).encode())


if __name__ == "__main__":
    main()
