"""The web application: `uvicorn web.app:app`, or `create_app(settings)` with a database already open."""

import gc
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.staticfiles import StaticFiles

from config.database import open_database
from config.logging import configure_logging
from config.settings import Settings, load_settings
from web import answers, health
from web.api import nouns
from web.headers import SafeHeaders
from web.pages import (
    absence,
    accounts,
    admin,
    agencies,
    answer,
    answer_links,
    answer_mailbox,
    board,
    bulk,
    calendar,
    calendar_days,
    common_fields,
    conclusions,
    directive,
    directives,
    explanation,
    feeds,
    guide,
    imports,
    inbox,
    jobs,
    letterhead,
    letters,
    lifecycles,
    mail_channel,
    mail_templates,
    mailbox,
    outside,
    overview,
    policies,
    policy_choices,
    policy_form,
    policy_migration,
    refusals,
    report_schedules,
    reports,
    sign_in,
    simulation,
    supervisions,
    sweeps,
    tokens,
    webhooks,
)
from web.site import Site

PAGES = (
    overview.router,
    supervisions.router, conclusions.router, common_fields.router, directives.router, bulk.router, directive.router, explanation.router,
    board.router, sweeps.router, mailbox.router, inbox.router,
    agencies.router,
    calendar.router, calendar_days.router,
    reports.router,
    report_schedules.router,
    imports.router,
    letters.router,
    policies.router, policy_choices.router, policy_form.router, policy_migration.router, lifecycles.router, simulation.router,
    admin.router, jobs.router, letterhead.router, mail_templates.router, mail_channel.router, absence.router,
    guide.router, sign_in.router, outside.router, accounts.router,
    answer.router, answer_mailbox.router, answer_links.router, feeds.router, feeds.public,
    refusals.router, refusals.public,
    tokens.router, webhooks.router,
)  # fmt: skip


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """Nothing is asked of the database here: an app starts, and says so, while the database is away."""
    app = FastAPI(title="Đôn đốc", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.site = Site.of(settings, engine or open_database(settings.database_url))
    app.add_middleware(SafeHeaders, secure=app.state.site.is_secure, metrics=app.state.site.metrics)
    answers.install(app)
    app.include_router(health.router)
    for router in PAGES:
        app.include_router(router)
    for router in nouns.NOUNS:
        app.include_router(router)
    app.mount("/static", StaticFiles(packages=[("web", "static")]), name="static")
    return app


def __getattr__(name: str) -> Any:
    """`app` is made when a server asks for it, not when a test imports this module."""
    if name != "app":
        raise AttributeError(name)
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    made = create_app(settings)
    settle()
    return made


def settle() -> None:
    """What the program is made of stays until it ends; going through it for garbage took 0.1 s of a page now and then."""
    gc.collect()
    gc.freeze()
