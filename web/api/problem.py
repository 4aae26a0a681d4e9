"""Refusals for programs: RFC 9457, one shape for all, in the caller's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from web.look import Look, look_of
from web.refusals import again_after
from workflow.errors import WorkflowError
from workflow.findings import FileInvalid
from workflow.words import Texts, pair

MEDIA = "application/problem+json"
TITLES: dict[int, Texts] = {
    400: pair("Không đọc được yêu cầu", "The request cannot be read"),
    401: pair("Cần đăng nhập", "Sign-in needed"),
    403: pair("Không được phép", "Not allowed"),
    404: pair("Không tìm thấy", "Not found"),
    405: pair("Không dùng được cách này", "Method not allowed"),
    409: pair("Không làm được lúc này", "Not possible now"),
    413: pair("Nội dung quá lớn", "Too large"),
    422: pair("Dữ liệu không hợp lệ", "Invalid data"),
    429: pair("Quá nhiều yêu cầu", "Too many requests"),
    500: pair("Hệ thống gặp lỗi", "Something went wrong"),
    503: pair("Chưa dùng được lúc này", "Not available now"),
}
CODES = {400: "unreadable", 405: "method_not_allowed", 413: "too_large"}


class FieldFault(BaseModel):
    """`field` is a path into what was sent, for example `body.due_on`."""

    field: str
    detail: str


class Problem(BaseModel):
    """`code` is stable and meant for programs; `detail` is a sentence for people. `moves`: what is allowed instead."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldFault] = []
    moves: list[str] = []


def refusal(request: Request, error: WorkflowError) -> Response:
    locale = look(request).locale
    detail = error.text(locale)
    return answer(request, error.http_status, detail, error.code, _faults(error, detail, locale))


def _faults(error: WorkflowError, detail: str, locale: str) -> list[FieldFault]:
    if isinstance(error, FileInvalid):
        return [FieldFault(field=one.field or "-", detail=one.text(locale)) for one in error.findings]
    field = error.facts.get("field")
    return [] if field is None else [FieldFault(field=str(_plain(field)), detail=detail)]


def faulty(request: Request, errors: Sequence[Mapping[str, Any]]) -> Response:
    """Every fault of what was sent, at once."""
    faults = [
        FieldFault(field=".".join(str(part) for part in one["loc"])[:200], detail=_why(one)) for one in errors
    ]
    detail = look(request).say("Dữ liệu gửi lên không hợp lệ.", "The data cannot be accepted.")
    return answer(request, 422, detail, "invalid", faults)


def plain(request: Request, status: int) -> Response:
    """What the framework itself refuses."""
    said = look(request).pick(TITLES.get(status, TITLES[400]))
    return answer(request, status, f"{said}.", CODES.get(status, "not_this_way"))


def answer(
    request: Request, status: int, detail: str, code: str, faults: Sequence[FieldFault] = ()
) -> Response:
    problem = Problem(
        type=f"urn:dondoc:{code}",
        title=look(request).pick(TITLES.get(status, TITLES[400])),
        status=status,
        detail=detail,
        code=code,
        errors=list(faults),
        moves=getattr(request.state, "moves", []),
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(problem.model_dump(), status, media_type=MEDIA, headers=headers | again_after(status))


def look(request: Request) -> Look:
    """A token's owner has a language; what the address asks for comes first."""
    fallback = getattr(request.state, "locale", None) or request.app.state.site.settings.locale
    return look_of(request, fallback)


def _why(one: Mapping[str, Any]) -> str:
    reason = one.get("ctx", {}).get("error", "")
    return str(one["msg"]) + (f": {reason}" if one["type"] == "json_invalid" and reason else "")


def _plain(field: object) -> object:
    return field.get("en", "") if isinstance(field, dict) else field
