"""The published document against the running app, for every kind of caller: no error, nothing undocumented."""

import json
from typing import Any

import pytest
import schemathesis
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.api.matrix import FILLED, TABLE
from tests.web.api.program import Program
from tests.web.house import House
from web.api import nouns, schema
from workflow.api_tokens import Scope

CALLERS = (
    "nobody",
    "ben",
    "huy",
    "cleo",
    "ada",
    "chi",
    "quan",
    "ky",
    "token of quan",
    "reading token of ada",
)
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
FEW = settings(
    max_examples=2, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
SCHEMA = schemathesis.openapi.from_dict(schema.document(nouns.DESCRIBED))
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations() if isinstance(one, Ok)]
PARTS = 8
REAL = {one.route: {**FILLED, **one.filled} for one in TABLE}


def _caller(house: House, who: str) -> Program:
    if who == "nobody":
        return Program(house.browser())
    if "token" in who:
        return Program.with_token(
            house, who.rpartition(" ")[2], *([Scope.READ] if "reading" in who else Scope)
        )
    return Program.with_cookie(house, who)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("part", range(PARTS))
def test_no_caller_finds_an_error_or_an_undocumented_answer(
    lived_in: House, mode: GenerationMode, part: int
) -> None:
    """Every address, what is asked for and what is not, each as every caller in turn."""
    callers = {who: _caller(lived_in, who) for who in CALLERS}
    seen: dict[str, set[int]] = {who: set() for who in CALLERS}
    for operation in OPERATIONS[part::PARTS]:
        _try(callers, seen, operation, mode)
    assert 200 not in seen.pop("nobody")
    assert [who for who, statuses in seen.items() if statuses <= {401}] == []


def _try(
    callers: dict[str, Program], seen: dict[str, set[int]], operation: Any, mode: GenerationMode
) -> None:
    known = REAL.get((operation.method.upper(), operation.path), {})

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode), is_real=st.booleans())
    def each(case: Any, is_real: bool) -> None:
        for who, program in callers.items():
            answer = _send(program, case, known if is_real else {})
            seen[who].add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

    each()


def _send(program: Program, case: Any, known: dict[str, str]) -> Response:
    case.path_parameters = {
        **case.path_parameters,
        **{k: v for k, v in known.items() if k in case.path_parameters},
    }
    given_headers = {name: str(value) for name, value in (case.headers or {}).items()}
    headers = {
        **{k: v for k, v in given_headers.items() if v.isascii() and v.isprintable()},
        **program.headers,
    }
    has_body = not isinstance(case.body, type(schemathesis.core.NOT_SET))
    content = _encoded(case.body) if has_body else None
    if content is not None:
        headers["Content-Type"] = "application/json"
    return program.client.request(
        case.method, case.formatted_path, params=case.query or None, content=content, headers=headers
    )


def _encoded(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()
