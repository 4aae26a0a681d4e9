"""docs/reference/api.md from the OpenAPI document: `python -m web.api.reference > docs/reference/api.md`."""

import sys
from collections.abc import Iterator
from typing import Any

from web.api import nouns, schema
from workflow.api_tokens import SCOPES

HEAD = """# JSON API v1

Written from the OpenAPI document (`GET /api/v1/openapi.json`, for whoever is signed in) by `python -m web.api.reference`; a test
compares the two. How to call it: [use-the-api](../how-to/use-the-api.md); being called: [webhooks](../how-to/webhooks.md).

- A program sends `Authorization: Bearer TOKEN`. A signed-in browser sends its cookie, and with every change the header
  `X-Form-Key` that `GET /api/v1/me` gives.
- `Idempotency-Key`: the same key with the same request has one effect and one answer for 24 hours (`Idempotency-Replayed: true`);
  with another request 422 `key_of_another`; while the first is at work 409 `key_in_use`. Refusals keep no key.
- Refusals are `application/problem+json` (`Problem` below): `code` is stable, `detail` speaks the caller's language
  (`?lang=vi|en`), `errors` names fields, `moves` what is allowed instead.
- What is not the caller's to see is 404, word for word like what does not exist.
- Unknown fields, duplicate keys, NaN, NUL and more than 1 MB (40 MB where files travel) are refused.
- Dates are ISO days, instants ISO with zone. `after` of a page is the cursor of the next; rows that come or go shift nothing.
"""


def markdown(document: dict[str, Any]) -> str:
    return "\n".join([HEAD, *_scopes(), *_operations(document), *_shapes(document)]) + "\n"


def _scopes() -> Iterator[str]:
    yield "## Scopes of tokens\n"
    yield "| scope | lets a program |"
    yield "|---|---|"
    for scope, said in SCOPES.items():
        yield f"| `{scope.value}` | {said['en'].lower()} |"
    yield ""


def _operations(document: dict[str, Any]) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            groups.setdefault(one["tags"][0], []).append(_line(method, path, one))
    for name, lines in groups.items():
        yield f"## {name.capitalize()}\n"
        yield "| address | what | takes | gives |"
        yield "|---|---|---|---|"
        yield from lines
        yield ""


def _line(method: str, path: str, one: dict[str, Any]) -> str:
    said = str(one.get("description") or f"{one['summary']}.").partition("\n\n")[0].replace("\n", " ")
    query = [f"`{part['name']}`" for part in one.get("parameters", []) if part["in"] == "query"]
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    takes = ", ".join([*query, *([_kind(body)] if body else [])])
    status, answer = next((s, a) for s, a in one["responses"].items() if s.startswith("2"))
    given = answer.get("content", {}).get("application/json", {}).get("schema")
    return f"| `{method.upper()} {path}` | {said} | {takes} | {status} {_kind(given) if given else 'file'} |"


def _shapes(document: dict[str, Any]) -> Iterator[str]:
    yield "## Shapes\n"
    yield "A star marks what must be there.\n"
    for name, shape in sorted(document["components"]["schemas"].items()):
        yield f"### {name}\n"
        if about := shape.get("description"):
            yield f"{about}\n"
        if "enum" in shape:
            yield "One of " + ", ".join(f"`{one}`" for one in shape["enum"]) + ".\n"
        for field, kind in shape.get("properties", {}).items():
            star = "\\*" if field in shape.get("required", []) else ""
            hint = f". {kind['description']}" if "description" in kind else ""
            yield f"- `{field}`{star}: {_kind(kind)}{hint}"
        yield ""


def _kind(kind: dict[str, Any]) -> str:
    if "$ref" in kind:
        name = kind["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in kind:
        return " or ".join(_kind(one) for one in kind["anyOf"])
    if kind.get("type") == "array":
        return f"list of {_kind(kind.get('items', {}))}"
    if "const" in kind or "enum" in kind:
        return ", ".join(f"`{one}`" for one in kind.get("enum", [kind.get("const")]))
    return str(kind.get("format") or kind.get("type") or "anything")


if __name__ == "__main__":
    sys.stdout.write(markdown(schema.document(nouns.DESCRIBED)))
