"""One act of a caller: its effect, its mails and its answer are one transaction."""

from collections.abc import Callable
from hashlib import sha256

from pydantic import BaseModel
from starlette.responses import Response

from web.api.caller import bearer_of
from web.visit import Visit
from workflow import idempotency
from workflow.desk import Desk
from workflow.idempotency import Answered, Claim

JSON = "application/json"


def act(visit: Visit, work: Callable[[Desk], BaseModel], status: int = 200) -> Response:
    """With an Idempotency-Key the same request again is answered the same and does nothing."""
    wanted = _claim(visit)
    with visit.acting() as desk:
        if wanted is not None:
            earlier = idempotency.claim(desk.db, wanted, visit.site.real_now())
            if earlier is not None:
                return _answer(earlier, again=True)
        answered = Answered(status, work(desk).model_dump_json())
        if wanted is not None:
            idempotency.answer(desk.db, wanted, answered)
    return _answer(answered, again=False)


def _claim(visit: Visit) -> Claim | None:
    key, request = visit.request.state.once_key, visit.request
    if key is None:
        return None
    bearer = bearer_of(visit)
    whose = f"token:{bearer.token_id}" if bearer else f"person:{visit.me.person_id}"
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return Claim(whose, key, sha256(asked + request.state.body).digest())


def _answer(answered: Answered, *, again: bool) -> Response:
    headers = {"Idempotency-Replayed": "true"} if again else {}
    return Response(answered.text, answered.status, headers, JSON)
