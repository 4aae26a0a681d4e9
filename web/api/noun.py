"""What every module of the API begins with: its router, under the address of version 1."""

from typing import Any

from fastapi import APIRouter

from web.api.problem import MEDIA
from web.api.strict import MOST_WITH_FILES, StrictRoute

V1 = "/api/v1"
REFUSALS = {
    400: "Not readable as JSON.",
    401: "Nobody is signed in, or the token counts no more.",
    403: "Not for this person, this token or this form.",
    404: "Unknown, or not this caller's to see.",
    409: "Not possible now, or changed meanwhile.",
    413: "Larger than this address takes.",
    422: "A value is missing or wrong.",
    429: "Too many requests; see Retry-After.",
    503: "The database cannot be reached; nothing was written.",
}
CARRIES_FILES = {"x-most-bytes": MOST_WITH_FILES}


def noun(name: str) -> APIRouter:
    schema = {"$ref": "#/components/schemas/Problem"}
    responses: dict[int | str, dict[str, Any]] = {
        status: {"description": said, "content": {MEDIA: {"schema": schema}}}
        for status, said in REFUSALS.items()
    }
    return APIRouter(prefix=V1, tags=[name], route_class=StrictRoute, responses=responses)
