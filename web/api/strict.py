"""JSON as we accept it: within limits checked while reading, without what parsers disagree about."""

import json
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.refusals import NoSuchPage

MEGABYTE = 1024 * 1024
MOST = MEGABYTE
MOST_WITH_FILES = 40 * MEGABYTE
DEEPEST = 20
UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
SAFE = ("GET", "HEAD", "OPTIONS")


class Given(BaseModel):
    """What a caller sends: a field we do not know is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", str_max_length=30 * MEGABYTE, allow_inf_nan=False)


class StrictRequest(Request):
    most = MOST

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = await self._read()
        return self._body

    async def _read(self) -> bytes:
        """Refused at the limit, not after it, whatever length was announced."""
        parts, size = [], 0
        async for part in self.stream():
            size += len(part)
            if size > self.most:
                raise HTTPException(413)
            parts.append(part)
        return b"".join(parts)

    async def json(self) -> Any:
        return parse(await self.body())


class StrictRoute(APIRoute):
    """`openapi_extra={"x-most-bytes": …}` gives a route that carries files more room."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        most = (self.openapi_extra or {}).get("x-most-bytes", MOST)

        async def strict(request: Request) -> Response:
            if "\x00" in request.url.path or "%00" in request.scope.get("query_string", b"").decode(
                "latin-1"
            ):
                raise NoSuchPage
            wanted = StrictRequest(request.scope, request.receive)
            wanted.most = most
            if request.method not in SAFE:
                request.state.body = await wanted.body()
            return await handle(wanted)

        return strict


def parse(body: bytes) -> Any:
    """Raises JSONDecodeError, which is answered as a fault of the body."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise json.JSONDecodeError("not UTF-8", "", error.start) from error
    try:
        found = json.loads(text, object_pairs_hook=_pairs, parse_constant=_no_constant)
    except RecursionError as error:
        raise json.JSONDecodeError("nested too deeply", "", 0) from error
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise json.JSONDecodeError("number too long", "", 0) from error
    _check(found)
    return found


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise json.JSONDecodeError("the same key twice", "", 0)
    return found


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is no JSON", "", 0)


def _check(found: Any, depth: int = 0) -> None:
    """No database keeps NUL or half a character."""
    if depth > DEEPEST:
        raise json.JSONDecodeError(f"deeper than {DEEPEST}", "", 0)
    if isinstance(found, str):
        if UNKEPT.search(found):
            raise json.JSONDecodeError("NUL or half a character", "", 0)
    elif isinstance(found, dict):
        for name, value in found.items():
            _check(name, depth + 1)
            _check(value, depth + 1)
    elif isinstance(found, list):
        for value in found:
            _check(value, depth + 1)
