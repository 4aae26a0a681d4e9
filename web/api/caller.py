"""Who calls: a person signed in by cookie, whose changes need the key `/api/v1/me` gives."""

from typing import Annotated

from fastapi import Depends, Query

from web.refusals import ForeignForm
from web.visit import Signed, Visit, is_ours

Limit = Annotated[int, Query(ge=1, le=200)]


def keyed(visit: Signed) -> Visit:
    """The same promise a form makes: our own key, and no foreign origin."""
    key = visit.request.headers.get("x-form-key", "")
    if not is_ours(visit.request, visit.site) or not visit.cookies.is_form_key(key, visit.whose):
        raise ForeignForm
    return visit


Keyed = Annotated[Visit, Depends(keyed)]
