"""Where mail is taken in, as the settings describe it: for the worker, the command and the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import Engine

from config.database import writing
from config.settings import Settings, SettingWrong
from notifications.answering import answering
from notifications.mime import Mailbox
from notifications.receiving import Receiver
from notifications.receiving_answers import Writer
from notifications.receiving_reader import Reader
from workflow.words import pair

NO_REPLY_ADDRESS = pair(
    "chưa đặt địa chỉ nhận trả lời, ví dụ tra-loi@giamsat.example.",
    "no address for answers is set, for example tra-loi@giamsat.example.",
)


@contextmanager
def receiver(settings: Settings, database: Engine) -> Iterator[Receiver]:
    """Raises SettingWrong where the operator named no reply address."""
    routes = answering(settings)
    if routes is None:
        raise SettingWrong(field="DONDOC_REPLY_ADDRESS", why=NO_REPLY_ADDRESS)
    name, address = parseaddr(settings.mail_from)
    host = urlsplit(settings.base_url).hostname or "localhost"
    with Reader() as reader:
        writer = Writer(Mailbox(address, name), host, settings.timezone)
        yield Receiver(partial(writing, database), settings.home, routes, writer, reader)
