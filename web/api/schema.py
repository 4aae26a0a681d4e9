"""The OpenAPI document of all nouns, for whoever is signed in."""

from collections.abc import Iterable
from functools import cache, partial
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import JSONResponse, Response

from web.api.caller import Reader
from web.api.noun import noun
from web.api.problem import Problem

VERSION = "1"
ABOUT = (
    "What the pages show and do, for programs. A cookie needs the header X-Form-Key for changes; "
    "a token needs the scope. Refusals are RFC 9457 problem details."
)
REFERENCE = "#/components/schemas/{model}"


def published(nouns: Iterable[APIRouter]) -> APIRouter:
    """The router of the document itself, which describes the nouns and not itself.

    Written at the first asking: a third of the time the pages need to start, for what few ever read.
    """
    made = cache(partial(document, nouns))
    router = noun("schema")

    @router.get("/openapi.json", response_class=JSONResponse, include_in_schema=False)
    def openapi(_visit: Reader) -> Response:
        return JSONResponse(made())

    return router


def document(nouns: Iterable[APIRouter]) -> dict[str, Any]:
    routes = [route for router in nouns for route in router.routes]
    made = get_openapi(title="Đôn đốc", version=VERSION, description=ABOUT, routes=routes)
    _, shapes = models_json_schema([(Problem, "serialization")], ref_template=REFERENCE)
    components = made["components"]
    components["schemas"].update(shapes["$defs"])
    components["securitySchemes"]["cookie"] = {"type": "apiKey", "in": "cookie", "name": "dondoc"}
    made["security"] = [{"token": []}, {"cookie": []}]
    for path in made["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
            operation.pop("x-most-bytes", None)
    made["servers"] = [{"url": "/"}]
    return made
