"""Open directives chosen on a page, to be moved to another version of their rules."""

import re

from sqlmodel import Session

from web.form import Form
from workflow.migration import Selection
from workflow.models.directive import Directive
from workflow.models.rule_version import RuleKind
from workflow.store import rules

FIELDS = ("which", "supervision", "lead", "from_version", "codes")
APART = re.compile(r"[\s,;]+")


def selection(db: Session, form: Form, kind: RuleKind) -> Selection:
    """Every condition given narrows it. Raises NotFound for a version that is not there."""
    old = form.text("from_version")
    return Selection(
        codes(form),
        form.text("supervision") or None,
        form.text("lead") or None,
        rules.find(db, kind, old).id if old else None,
    )


def codes(form: Form) -> tuple[str, ...]:
    """One a line, or apart by commas or spaces."""
    return tuple(dict.fromkeys(one for one in APART.split(form.text("codes")) if one))


def left_out(form: Form, found: list[Directive]) -> list[str]:
    """Codes that were named but are not among those found: unknown, closed, or of this version already."""
    known = {one.code for one in found}
    return [code for code in codes(form) if code not in known]
