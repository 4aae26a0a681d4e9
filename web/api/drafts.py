"""Directives before they are issued: added, corrected, split, merged."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import DirectiveWriter
from web.api.directive_shapes import (
    CorrectionWanted,
    Drafted,
    DraftWanted,
    MergeWanted,
    SplitWanted,
)
from web.api.noun import noun
from workflow import intake
from workflow.corrections import Correction, correct_draft
from workflow.desk import Desk
from workflow.drafts import Draft, draft_directive
from workflow.models.directive import Directive
from workflow.store import supervisions

router = noun("directives")
Code = Annotated[str, Path(max_length=40)]


@router.post("/directives", status_code=201, response_model=Drafted)
def add_draft(visit: DirectiveWriter, wanted: DraftWanted) -> Response:
    """A draft of one's own, beside those a conclusion gives."""
    supervisions.get(visit.db, visit.me, visit.rules.as_of, wanted.supervision)
    draft = Draft(
        code=wanted.code, supervision=wanted.supervision, text=wanted.text, lead=wanted.lead,
        coordinating=tuple(wanted.coordinating), due_on=wanted.due_on, rhythm=wanted.rhythm,
        title=wanted.title, product=wanted.product, is_secret=wanted.is_secret,
        urgency=wanted.urgency.value if wanted.urgency else None,
    )  # fmt: skip
    return act(visit, lambda desk: _drafted(draft_directive(desk, draft)), 201)


@router.patch("/directives/{code}", response_model=Drafted)
def correct(visit: DirectiveWriter, code: Code, wanted: CorrectionWanted) -> Response:
    """Only a draft; what is issued changes by moves alone."""
    given = wanted.model_dump(exclude={"version"})
    if wanted.coordinating is not None:
        given["coordinating"] = tuple(wanted.coordinating)
    if wanted.urgency is not None:
        given["urgency"] = "" if wanted.urgency == "none" else wanted.urgency.value

    def work(desk: Desk) -> Drafted:
        correct_draft(desk, code, Correction(**given), version=wanted.version)
        return _drafted(desk.locked(code))

    return act(visit, work)


@router.post("/directives/{code}/split", status_code=201, response_model=Drafted)
def split(visit: DirectiveWriter, code: Code, wanted: SplitWanted) -> Response:
    """One draft becomes two; the answer is the new one."""
    return act(visit, lambda desk: _drafted(intake.split(desk, code, wanted.first, wanted.second)), 201)


@router.post("/directives/{code}/merge", response_model=Drafted)
def merge(visit: DirectiveWriter, code: Code, wanted: MergeWanted) -> Response:
    """Two drafts become one; the other is dropped."""
    return act(visit, lambda desk: _drafted(intake.merge(desk, code, wanted.other)))


def _drafted(directive: Directive) -> Drafted:
    return Drafted(
        code=directive.code, title=directive.title, text=directive.text, state=directive.state,
        version=directive.version,
    )  # fmt: skip
