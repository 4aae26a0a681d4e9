"""JSON API v1: one module per noun, registered here and nowhere else. Refusals are problem+json."""

from web.api import directives, drafts, me, sweeps

NOUNS = (
    me.router,
    directives.router,
    drafts.router,
    sweeps.router,
)
