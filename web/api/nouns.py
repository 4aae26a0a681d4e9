"""JSON API v1: one module per noun, registered here and nowhere else. Refusals are problem+json."""

from web.api import (
    audit,
    calendar,
    conclusions,
    directives,
    drafts,
    mail_templates,
    me,
    messages,
    organizations,
    rules,
    schema,
    supervisions,
    sweeps,
    tokens,
    users,
)

DESCRIBED = (
    me.router,
    tokens.router,
    organizations.router,
    supervisions.router,
    conclusions.router,
    directives.router,
    drafts.router,
    sweeps.router,
    mail_templates.router,
    messages.router,
    calendar.router,
    audit.router,
    users.router,
    rules.router,
)

NOUNS = (schema.published(DESCRIBED), *DESCRIBED)
