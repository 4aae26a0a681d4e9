"""Who the caller is."""

from datetime import date

from pydantic import BaseModel

from web.api.caller import Reader, bearer_of
from web.api.noun import noun
from workflow.ladder import Position
from workflow.models.organization import OrganizationKind
from workflow.models.person import Role

router = noun("me")


class Post(BaseModel):
    organization_id: int
    kind: OrganizationKind
    position: Position


class Me(BaseModel):
    """`form_key` goes into X-Form-Key of whoever came with a cookie; a token needs none. `scopes` are the token's."""

    name: str
    role: Role | None
    posts: list[Post]
    today: date
    form_key: str | None
    scopes: list[str] | None


@router.get("/me")
def me(visit: Reader) -> Me:
    """Who the caller is, and what the token may do."""
    bearer = bearer_of(visit)
    return Me(
        name=visit.me.name,
        role=visit.me.role,
        posts=[
            Post(organization_id=one.organization_id, kind=one.kind, position=one.position)
            for one in visit.me.posts
        ],
        today=visit.today,
        form_key=None if bearer else visit.form_key,
        scopes=sorted(bearer.scopes) if bearer else None,
    )
