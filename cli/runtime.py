"""What one command runs with: settings, database, who acts, which language."""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import click
from sqlalchemy import Engine
from sqlmodel import Session

from config import instant, schema
from config.database import open_database, reading, writing
from config.settings import Settings, load_settings
from notifications import identity
from workflow import access, deputies, rulebook
from workflow.access import Actor
from workflow.desk import Desk
from workflow.errors import InputWrong
from workflow.models.person import Role


@dataclass
class Runtime:
    lang: str
    acting_as: str | None = None
    yes: bool = False

    @cached_property
    def settings(self) -> Settings:
        return load_settings()

    @cached_property
    def engine(self) -> Engine:
        """The database, refused unless it has the shape this program knows."""
        engine = open_database(self.settings.database_url)
        if (context := click.get_current_context(silent=True)) is not None:
            context.find_root().call_on_close(engine.dispose)
        schema.check(engine)
        return engine

    def now(self) -> datetime:
        return instant.now(self.settings)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with reading(self.engine) as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with writing(self.engine) as db:
            yield db

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """One act: a desk in a transaction, its mails bundled at the end."""
        with self.writing() as db:
            identity.check(db, self.settings.home)
            desk = Desk(db, self.actor(db), self.now())
            yield desk
            desk.finish()

    @contextmanager
    def rehearsal(self) -> Iterator[Desk]:
        """The same act with nothing kept: what it would do, and whether it would be refused."""
        with self.writing() as db:
            desk = Desk(db, self.actor(db), self.now())
            yield desk
            db.rollback()

    def actor(self, db: Session) -> Actor:
        """Who acts: --as EMAIL, DONDOC_ACTOR, else the operator at this console."""
        email = self.acting_as or os.environ.get("DONDOC_ACTOR")
        if email:
            return deputies.standing_in(db, access.find_actor(db, email), self.today(db))
        return Actor(name=f"console:{getpass.getuser()}", role=Role.ADMINISTRATOR, locale=self.lang)

    def today(self, db: Session) -> date:
        return rulebook.local_day(self.now(), rulebook.active_policy(db).zone)

    def say(self, vi: str, en: str) -> None:
        click.echo(self.text(vi, en))

    def text(self, vi: str, en: str) -> str:
        return en if self.lang == "en" else vi

    def confirm(self, vi: str, en: str) -> None:
        """Ask before mailing or mass-changing; --yes or a pipe with --yes answers for it."""
        if self.yes:
            return
        if not sys.stdin.isatty():
            raise click.UsageError(
                self.text("Cần --yes khi không có người trả lời.", "Give --yes when nobody can answer.")
            )
        click.confirm(self.text(vi, en), abort=True)


pass_runtime = click.make_pass_decorator(Runtime)


class Day(click.ParamType[date]):
    """A date as 10/10/2026 or 2026-10-10."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        return parse_day(str(value))


def parse_day(value: str) -> date:
    for shape in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(value.strip(), shape).date()  # noqa: DTZ007 - a civil date has no zone
        except ValueError:
            continue
    why = {
        "vi": "Ngày phải có thật, dạng 10/10/2026 hoặc 2026-10-10.",
        "en": "A real date, 10/10/2026 or 2026-10-10.",
    }
    raise WrongDay(field="ngày", value=value, why=why)


class WrongDay(InputWrong):
    """A date on the command line that is none: wrong usage."""

    exit_code = 2


DAY = Day()
