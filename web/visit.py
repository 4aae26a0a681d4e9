"""One request: who asks, in which language, at what instant; and the doors to reading and to acting."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config.database import reading, writing
from notifications import identity
from tasks.wellness import House, Trouble, house, troubles_of
from web import once as repeated
from web.cookies import Cookies
from web.filling import filled
from web.form import Form, read_form
from web.look import Look, look_of
from web.menu import menu, oversees
from web.refusals import ForeignForm, NoSuchPage, SecondFactorNeeded, SignInNeeded
from web.site import Site
from workflow import deputies, idempotency, second_factor, sign_ins
from workflow.access import Actor
from workflow.desk import Desk
from workflow.errors import WorkflowError
from workflow.idempotency import Claim
from workflow.models.channel_stop import ChannelStop
from workflow.models.organization import OrganizationKind
from workflow.models.person import Role
from workflow.views.rules import Rules, rules

OPEN_WITHOUT_SECOND = ("/toi", "/dang-xuat", "/tro-giup")
OVERSEERS = (OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)


@dataclass
class Visit:
    """`db` is one frozen moment that cannot be written to; acts have their own transaction."""

    request: Request
    site: Site
    cookies: Cookies
    look: Look
    db: Session
    now: datetime
    token: str | None
    actor: Actor | None
    new_mark: str | None = field(default=None)
    claim: Claim | None = field(default=None)
    sent: Form | None = field(default=None)

    @cached_property
    def rules(self) -> Rules:
        return rules(self.db, self.now)

    @cached_property
    def channel_stop(self) -> ChannelStop | None:
        """For those who would otherwise believe that their mails went out."""
        if self.actor is None or not oversees(self.actor):
            return None
        return self.house.stop

    @cached_property
    def house(self) -> House:
        return self.site.recent("house", lambda: house(self.db, self.now))

    @property
    def today(self) -> date:
        return self.rules.today

    @property
    def me(self) -> Actor:
        if self.actor is None:
            raise SignInNeeded
        return self.actor

    def say(self, vi: str, en: str, **facts: object) -> str:
        return self.look.say(vi, en, **facts)

    @property
    def whose(self) -> str:
        """What a form key belongs to: the sign-in, or the browser nobody signed in with."""
        return self.token or self.new_mark or self.cookies.mark(self.request)

    @cached_property
    def troubles(self) -> list[Trouble]:
        """What everybody who oversees must see on every page; agencies are not alarmed."""
        if self.actor is None or not (self.actor.sees_all or self.actor.organizations(*OVERSEERS)):
            return []
        settings, real_now = self.site.settings, self.site.real_now()
        return self.site.recent(
            "troubles", lambda: troubles_of(self.house, self.db, settings, self.now, real_now)
        )

    def only_for(self, *roles: Role) -> None:
        if self.me.role not in roles:
            raise NoSuchPage

    def check_proved(self) -> None:
        """For what touches accounts. Raises ProofNeeded unless this browser proved who it is a moment ago."""
        sign_ins.check_proved(self.db, self.token or "", self.site.real_now())

    @cached_property
    def owes_second_factor(self) -> bool:
        """The house asks it of this person's role or post, and it is not there yet."""
        wanted = set(self.site.settings.second_factor_for)
        mine = {str(self.me.role)} | {post.position.value for post in self.me.posts}
        return bool(wanted & mine) and not second_factor.is_on(self.db, self.me.person_id or 0)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        response = HTMLResponse(self._filled(self.html(template, **context), context), status)
        if self.token:
            self.cookies.remember(response, self.token)
        if self.new_mark:
            self.cookies.keep_mark(response, self.new_mark)
        if self.cookies.said in self.request.cookies:
            self.cookies.told_once(response)
        self.cookies.keep_look(response, self.look)
        return response

    def _filled(self, page: str, context: dict[str, Any]) -> str:
        refusal = context.get("refusal")
        if self.sent is None or not isinstance(refusal, WorkflowError):
            return page
        return filled(page, self.request.url.path, self.sent, refusal, self.look)

    def html(self, template: str, **context: Any) -> str:
        return self.site.pages.get_template(template).render(
            visit=self,
            look=self.look,
            say=self.look.say,
            pick=self.look.pick,
            locale=self.look.locale,
            me=self.actor,
            menu=menu(self) if self.actor else [],
            told=self.cookies.told(self.request),
            site=self.site,
            **context,
        )

    @property
    def form_key(self) -> str:
        return self.cookies.form_key(self.whose)

    @property
    def once(self) -> str:
        """A fresh key for one form: however often that form comes back, it has one effect."""
        return secrets.token_urlsafe(12)

    def here_in(self, locale: str) -> str:
        """This page in the other language, filters kept."""
        return str(self.request.url.include_query_params(lang=locale).replace(scheme="", netloc=""))

    def see_other(self, path: str, vi: str | None = None, en: str | None = None) -> Response:
        """After an act: a page that can be reloaded, and one sentence about what was done."""
        response = RedirectResponse(path, 303)
        if vi is not None and en is not None:
            self.cookies.tell(response, {"vi": vi, "en": en})
        if self.token:
            self.cookies.remember(response, self.token)
        return response

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction of its own; afterwards `db` shows the new moment."""
        self.db.rollback()
        with writing(self.site.engine) as db:
            yield db

    @contextmanager
    def acting(self) -> Iterator[Desk]:
        """One act of this person: all of it happens, mails included, or nothing."""
        with self.writing() as db:
            identity.check(db, self.site.settings.home)
            self._claim(db)
            desk = Desk(db, self.me, self.now)
            yield desk
            desk.finish()

    def _claim(self, db: Session) -> None:
        """The form's own word, with its first act: raises AlreadyDone when it has done its work before."""
        claim, self.claim = self.claim, None
        if claim is not None and idempotency.claim(db, claim, self.site.real_now(), waits=True) is not None:
            raise repeated.AlreadyDone


def visitor(request: Request) -> Iterator[Visit]:
    site: Site = request.app.state.site
    cookies = Cookies(site)
    token = cookies.token(request)
    with reading(site.engine) as db:
        actor = sign_ins.who(db, token, site.real_now()) if token else None
        if actor is not None:
            actor = deputies.standing_in(db, actor, site.now().astimezone(site.settings.timezone).date())
        look = look_of(request, actor.locale if actor else site.settings.locale)
        has_mark = actor is not None or cookies.browser in request.cookies
        yield Visit(
            request, site, cookies, look, db, site.now(),
            token if actor else None, actor, None if has_mark else cookies.mark(request),
        )  # fmt: skip


Anybody = Annotated[Visit, Depends(visitor)]


def signed_in(visit: Anybody) -> Visit:
    if visit.actor is None:
        raise SignInNeeded
    if not visit.request.url.path.startswith(OPEN_WITHOUT_SECOND) and visit.owes_second_factor:
        raise SecondFactorNeeded
    return visit


Signed = Annotated[Visit, Depends(signed_in)]


def posted(visit: Anybody, form: Annotated[Form, Depends(read_form)]) -> Form:
    """Every form that changes something passes here: our own page, and our own key."""
    if not is_ours(visit.request, visit.site) or not visit.cookies.is_form_key(
        form.text("form_key"), visit.whose
    ):
        raise ForeignForm
    visit.sent = form
    visit.claim = repeated.claim_of(visit.whose, visit.request.url.path, form)
    return form


Posted = Annotated[Form, Depends(posted)]


def is_ours(request: Request, site: Site) -> bool:
    """Browsers say where a form comes from; what says nothing is no browser and has the key to show."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {urlsplit(site.settings.base_url).netloc, request.headers.get("host")}
    return urlsplit(origin).netloc in ours


def local_path(path: str | None) -> str:
    """Where to go on after signing in: a page of ours, whatever was asked for."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    if any(ord(letter) < 32 for letter in path) or "\\" in path:
        return "/"
    return quote(path, safe="/?=&%+-._~")
