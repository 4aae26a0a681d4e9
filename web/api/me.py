"""Who the caller is."""

from typing import Any

from web.api.noun import noun
from web.visit import Signed

router = noun("me")


@router.get("/me")
def me(visit: Signed) -> dict[str, Any]:
    posts = [
        {"organization_id": one.organization_id, "kind": one.kind.value, "position": one.position.value}
        for one in visit.me.posts
    ]
    role = visit.me.role.value if visit.me.role else None
    return {
        "name": visit.me.name,
        "role": role,
        "posts": posts,
        "today": visit.today,
        "form_key": visit.form_key,
    }
