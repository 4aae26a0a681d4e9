"""The words of mails: read, proved, put in force, taken back. For administrators."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from notifications import editing, wording
from notifications.editing import LONGEST
from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from workflow import mail_templates
from workflow.desk import Desk
from workflow.models.mail_template import MailTemplate
from workflow.models.person import Role

router = noun("mail templates")


class Edited(BaseModel):
    """The whole text of one template."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(max_length=LONGEST)


class Template(BaseModel):
    """Without a version the shipped text writes."""

    path: str
    version: int | None
    published_at: datetime | None
    by: str | None


@router.get("/mail-templates")
def template_list(visit: Reader) -> dict[str, Any]:
    visit.only_for(Role.ADMINISTRATOR)
    active = mail_templates.active(visit.db)
    return {"rows": [_row(path, active.get(path)) for path in wording.paths()]}


@router.get("/mail-templates/{path:path}")
def template(visit: Reader, path: str) -> dict[str, Any]:
    visit.only_for(Role.ADMINISTRATOR)
    name = editing.known(path)
    versions = mail_templates.versions(visit.db, name)
    active = next((one for one in versions if one.is_active), None)
    source = active.source if active else wording.shipped_source(name)
    return {
        **_row(name, active),
        "source": source,
        "differs": editing.difference(name, source),
        "versions": [_row(name, one) | {"active": one.is_active} for one in versions],
    }


@router.put("/mail-templates/{path:path}", response_model=Template)
def publish(visit: AdminWriter, path: str, edited: Edited) -> Response:
    """Proved with every sample first; 422 with all findings, and nothing changed, when one cannot be written."""

    def work(desk: Desk) -> Template:
        row = editing.publish(desk, path, edited.source)
        return Template(**_row(row.path, row))

    return act(visit, work)


@router.delete("/mail-templates/{path:path}", response_model=Template)
def revert(visit: AdminWriter, path: str, version: int | None = None) -> Response:
    """Back to the shipped text, or to an earlier version."""

    def work(desk: Desk) -> Template:
        return Template(**_row(editing.known(path), editing.revert(desk, path, version)))

    return act(visit, work)


def _row(path: str, row: MailTemplate | None) -> dict[str, Any]:
    return {
        "path": path,
        "version": row.number if row else None,
        "published_at": row.published_at if row else None,
        "by": row.actor if row else None,
    }
