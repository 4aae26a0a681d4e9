"""JSON API v1: one module per noun, registered here and nowhere else. Refusals are problem+json."""

from web.api import (
    absences,
    answer_links,
    audit,
    calendar,
    conclusions,
    directives,
    drafts,
    inbox,
    mail_templates,
    me,
    messages,
    organizations,
    reports,
    rules,
    schema,
    supervisions,
    sweeps,
    tokens,
    users,
    webhooks,
)

DESCRIBED = (
    me.router,
    absences.router,
    tokens.router,
    organizations.router,
    supervisions.router,
    conclusions.router,
    directives.router,
    drafts.router,
    sweeps.router,
    mail_templates.router,
    messages.router,
    inbox.router,
    calendar.router,
    audit.router,
    users.router,
    webhooks.router,
    rules.router,
    reports.router,
    answer_links.router,
)

NOUNS = (schema.published(DESCRIBED), *DESCRIBED)
