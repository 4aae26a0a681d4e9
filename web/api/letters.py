"""Drafts of letters for a person to sign; nothing is sent."""

from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from reports import asked, letters
from reports.request import MEDIA, Format, Profile
from web.api.caller import DirectiveWriter, Reader
from web.api.noun import noun
from workflow import letters as acts
from workflow.letters import LetterKind
from workflow.store import directives

router = noun("letters")
WORD: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA[Format.DOCX]: {"schema": {"type": "string", "format": "binary"}}}}
}


class Possible(BaseModel):
    """`kinds` may be drafted now; `level` is the highest the running date reached."""

    level: int
    kinds: list[LetterKind]


@router.get("/directives/{code}/letters")
def possible(visit: Reader, code: str) -> Possible:
    on = acts.basis(visit.db, directives.get(visit.db, visit.me, code))
    return Possible(level=on.level, kinds=acts.possible(on))


@router.post("/directives/{code}/letters/{kind}", response_class=Response, responses=WORD)
def draft(visit: DirectiveWriter, code: str, kind: LetterKind, profile: Profile | None = None) -> Response:
    office = asked.office(visit.db, visit.site.settings, profile.value if profile else None)
    with visit.acting() as desk:
        acts.draft(desk, code, kind)
        made = letters.letter(desk.db, desk.actor, code, kind, office, desk.today)
    headers = {"Content-Disposition": f'attachment; filename="{kind.value}.docx"'}
    return Response(made.content, media_type=made.media_type, headers=headers)
