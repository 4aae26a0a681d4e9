"""The mails of a house, really written and really delivered into its own mailbox; what a reader finds in them."""

import hashlib
import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from functools import partial

from sqlalchemy import Engine, inspect, text

from config import secret
from config.database import writing
from notifications.delivery import Post
from notifications.facts import Site
from notifications.packing import Sender
from notifications.smtp import parse_channel
from tests.web.house import House
from tests.world import at

LINK = re.compile(r"http://[^\s\"]+/t/([a-z2-7]{26})")


def deliver(house: House) -> None:
    """Everything that waits, as the sender would send it now."""
    settings = house.settings
    site = Site(settings.base_url, settings.mail_from, secret.keys(settings, "link"))
    now = at(house.world.today, 10)
    post = Post(
        transaction=partial(writing, house.engine), channel=parse_channel(settings.smtp_url),
        sender=Sender(settings.mail_from, site), now=lambda: now, real_now=lambda: now, zone="Asia/Ho_Chi_Minh",
    )  # fmt: skip
    post.drain()


def mails(house: House, who: str) -> list[EmailMessage]:
    """Oldest first."""
    folder = house.settings.home / "mailbox" / "new"
    files = (
        sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name))
        if folder.is_dir()
        else []
    )
    found = [BytesParser(EmailMessage, policy=modern).parsebytes(path.read_bytes()) for path in files]
    return [mail for mail in found if f"{who}@lamgiang.example" in mail["To"]]


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def token_in(mail: EmailMessage) -> str:
    found = LINK.search(words(mail))
    assert found is not None, words(mail)
    return found[1]


def token_of(house: House, who: str) -> str:
    """Deliver, and take the link out of the newest mail of this person."""
    deliver(house)
    return token_in(mails(house, who)[-1])


def checksum(engine: Engine) -> str:
    """Of every row of every table."""
    digest = hashlib.sha256()
    with engine.connect() as db:
        for name in sorted(_tables(engine)):
            rows = sorted(repr(tuple(row)) for row in db.execute(text(f'SELECT * FROM "{name}"')))  # noqa: S608
            digest.update("\n".join([name, *rows]).encode())
    return digest.hexdigest()


def _tables(engine: Engine) -> list[str]:
    return inspect(engine).get_table_names()
