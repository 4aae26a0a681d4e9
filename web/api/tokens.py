"""Tokens of programs: made and ended by the person in their own browser, never by a token."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import InPerson, Reader
from web.api.noun import noun
from web.api.strict import Given
from workflow import api_tokens
from workflow.api_tokens import Scope
from workflow.desk import Desk
from workflow.models.api_token import ApiToken

router = noun("tokens")


class Token(BaseModel):
    """`start` is enough to recognise it; the rest is kept nowhere."""

    id: int
    name: str
    start: str
    scopes: list[str]
    created_at: datetime
    ends_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class Tokens(BaseModel):
    rows: list[Token]


class TokenWanted(Given):
    name: str = Field(min_length=1, max_length=100)
    scopes: list[Scope] = Field(min_length=1, max_length=20)
    days: int = Field(default=api_tokens.USUAL_DAYS, ge=1, le=366)


class NewToken(Token):
    """`token` is shown this once."""

    token: str


@router.get("/me/tokens")
def token_list(visit: Reader) -> Tokens:
    """One's own, newest first; never the secret part."""
    return Tokens(rows=[Token(**_facts(one)) for one, _ in api_tokens.listed(visit.db, visit.me)])


@router.post("/me/tokens", status_code=201, response_model=NewToken)
def make_token(visit: InPerson, wanted: TokenWanted) -> Response:
    """No Idempotency-Key here: a secret is never kept to be repeated."""
    real = visit.site.real_now()

    def work(desk: Desk) -> NewToken:
        made = api_tokens.make(desk, wanted.name, wanted.scopes, real, days=wanted.days)
        return NewToken(**_facts(made.token), token=made.text)

    return act(visit, work, 201)


@router.delete("/me/tokens/{token_id}", response_model=Token)
def revoke_token(visit: InPerson, token_id: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    """It ends at once and for good."""
    real = visit.site.real_now()

    def work(desk: Desk) -> Token:
        return Token(**_facts(api_tokens.revoke(desk, token_id, real)))

    return act(visit, work)


def _facts(one: ApiToken) -> dict[str, Any]:
    return one.model_dump(exclude={"person_id", "token_hash"})
