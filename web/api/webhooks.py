"""Webhooks: programs elsewhere that are told of acts. For administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from config.sealing import seal
from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from workflow import webhooks
from workflow.desk import Desk
from workflow.models.webhook import CallStatus, Webhook
from workflow.webhooks import ASKED, Kind, Wanted

router = noun("webhooks")
Id = Annotated[int, Path(ge=1, le=2**53)]


class Hook(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    url: str
    events: list[str]
    created_at: datetime
    ended_at: datetime | None


class Owned(Hook):
    owner: str


class Hooks(BaseModel):
    rows: list[Owned]


class HookWanted(Given):
    """`owner`: the address of the person through whose eyes it sees."""

    url: str = Field(min_length=8, max_length=500)
    events: list[Kind] = Field(default=list(ASKED), max_length=20)
    owner: str | None = Field(default=None, max_length=254)


class NewHook(Hook):
    """`secret` is shown this once; it verifies the signatures of Standard Webhooks."""

    secret: str


class Call(BaseModel):
    """`dead`: given up after the last attempt; it may be sent again."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: str | None
    status: CallStatus
    attempts: int
    created_at: datetime | None
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    response: str | None


class Calls(BaseModel):
    rows: list[Call]


@router.get("/webhooks")
def hook_list(visit: Reader) -> Hooks:
    """Newest first, ended ones too."""
    rows = webhooks.listed(visit.db, visit.me)
    return Hooks(rows=[Owned(**Hook.model_validate(one).model_dump(), owner=email) for one, email in rows])


@router.post("/webhooks", status_code=201, response_model=NewHook)
def add_hook(visit: AdminWriter, wanted: HookWanted) -> Response:
    """An Idempotency-Key is not heeded here: a secret is never kept to be repeated."""
    visit.request.state.once_key = None
    settings, real = visit.site.settings, visit.site.real_now()
    secret = webhooks.new_secret()

    def work(desk: Desk) -> NewHook:
        given = Wanted(wanted.url, tuple(wanted.events), seal(settings, secret), wanted.owner)
        return _new(webhooks.add(desk, given, settings.webhook_hosts, real), secret)

    return act(visit, work, 201)


@router.delete("/webhooks/{webhook_id}", response_model=Hook)
def remove_hook(visit: AdminWriter, webhook_id: Id) -> Response:
    """Ends at once; what waits is dropped."""
    real = visit.site.real_now()
    return act(visit, lambda desk: Hook.model_validate(webhooks.remove(desk, webhook_id, real)))


@router.post("/webhooks/{webhook_id}/test", status_code=201, response_model=Call)
def test_hook(visit: AdminWriter, webhook_id: Id) -> Response:
    """One call that tells of nothing, by the same way as all others."""
    return act(visit, lambda desk: Call.model_validate(webhooks.test(desk, webhook_id)), 201)


@router.get("/webhooks/{webhook_id}/calls")
def call_list(visit: Reader, webhook_id: Id) -> Calls:
    """The latest hundred, newest first."""
    rows = webhooks.calls(visit.db, visit.me, webhook_id)
    return Calls(rows=[Call.model_validate(one) for one in rows])


@router.post("/webhooks/calls/{call_id}/resend", response_model=Call)
def resend_call(visit: AdminWriter, call_id: Id) -> Response:
    """A dead call again, under the same id with the same body."""
    return act(visit, lambda desk: Call.model_validate(webhooks.resend(desk, call_id)))


def _new(hook: Webhook, secret: str) -> NewHook:
    return NewHook(**Hook.model_validate(hook).model_dump(), secret=secret)
