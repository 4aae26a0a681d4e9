"""What can be wrong with an installation, looked at part by part; each look is one line."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

from sqlmodel import Session

from cli.runtime import Runtime
from config import imap
from config.instant import real_now
from config.relays import is_folder, parse_folder, parse_relay
from config.settings import Settings
from notifications import fetching
from notifications.signing import signer
from workflow import channel, rulebook
from workflow.access import SYSTEM
from workflow.errors import WorkflowError
from workflow.models.inbound import InboundOutcome
from workflow.store import heartbeats, inbound, organizations, people, sweeps
from workflow.words import Texts, pair

PACKAGES = ("workflow", "config", "notifications", "reports", "tasks", "web", "cli", "migrations")
SILENT_AFTER = timedelta(minutes=2)
LOOK_AHEAD = timedelta(days=90)
CONNECT_SECONDS = 3


@dataclass(frozen=True)
class Finding:
    """`remedy` says what to do when it is not well."""

    part: str
    is_well: bool
    said: Texts
    remedy: str = ""


def look(runtime: Runtime) -> Iterator[Finding]:
    """Later looks are left out when what they need is missing."""
    yield _packages()
    try:
        settings = runtime.settings
    except WorkflowError as wrong:
        yield _refused("settings", wrong)
        return
    yield Finding("settings", is_well=True, said=pair(str(settings.home), str(settings.home)))
    yield _clock_file(settings)
    yield _guarded("broker", lambda: _broker(settings))
    yield _guarded("channel", lambda: _channel(settings))
    if settings.imap_url is not None:
        yield _imap(settings)
    try:
        with runtime.reading() as db:
            yield Finding("database", is_well=True, said=pair("đúng phiên bản", "at the right version"))
            yield from _tables(runtime, db)
    except WorkflowError as wrong:
        yield _refused("database", wrong)


def _tables(runtime: Runtime, db: Session) -> Iterator[Finding]:
    yield from _heartbeats(db)
    yield _last_night(runtime, db)
    yield _stopped(db)
    yield _signature(runtime.settings)
    yield _held(db)
    yield _mailboxes(db)
    yield _inbox(db)
    yield _posts(db)
    yield _calendar(db, runtime.today(db))


def _refused(part: str, wrong: WorkflowError) -> Finding:
    return Finding(part, is_well=False, said={locale: wrong.text(locale) for locale in ("vi", "en")})


def _guarded(part: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except WorkflowError as wrong:
        return _refused(part, wrong)
    except OSError as error:
        why = str(error.strerror or error)
        return Finding(part, is_well=False, said=pair(why, why))


def _packages() -> Finding:
    """A second copy on the path, such as a folder of the same name, would be half of another release."""
    roots = {_root(name) for name in PACKAGES}
    said = ", ".join(sorted(str(root) for root in roots))
    return Finding("packages", len(roots) == 1 and None not in roots, pair(said, said), "pip uninstall")


def _root(name: str) -> Path | None:
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]).resolve().parent if places else None


def _clock_file(settings: Settings) -> Finding:
    if settings.clock_file is None:
        return Finding("clock file", is_well=True, said=pair("không dùng", "not used"))
    said = pair(f"giờ lấy từ {settings.clock_file}", f"the time comes from {settings.clock_file}")
    return Finding("clock file", is_well=True, said=said)


def _broker(settings: Settings) -> Finding:
    from kombu import Connection
    from kombu.exceptions import OperationalError

    from tasks.broker import MEMORY, broker_url

    url = broker_url(settings)
    if url.startswith(MEMORY):
        return Finding("broker", is_well=True, said=pair("trong tiến trình", "inside the process"))
    with Connection(url, transport_options={"socket_connect_timeout": CONNECT_SECONDS}) as connection:
        try:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=CONNECT_SECONDS)
        except (OperationalError, OSError) as error:
            why = pair(f"không trả lời ({error})", f"no answer ({error})")
            return Finding("broker", is_well=False, said=why, remedy="dondoc up, redis-server")
    return Finding("broker", is_well=True, said=pair("trả lời", "answers"))


def _channel(settings: Settings) -> Finding:
    url = settings.smtp_url
    if is_folder(url):
        folder = parse_folder(url)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        said = pair(f"thư ghi vào {folder}, không gửi đi đâu", f"mails are kept in {folder}, none is sent")
        return Finding("channel", is_well=True, said=said)
    relay = parse_relay(url)
    where = f"{relay.host}:{relay.port}"
    if relay.may_be_plain:
        said = pair(f"{where}: thư có thể đi không mã hóa", f"{where}: mails may travel unencrypted")
        return Finding("channel", is_well=False, said=said, remedy="DONDOC_SMTP_URL ?starttls=required")
    with suppress(OSError), socket.create_connection((relay.host, relay.port), timeout=CONNECT_SECONDS):
        return Finding("channel", is_well=True, said=pair(f"{where} trả lời", f"{where} answers"))
    said = pair(f"{where} không trả lời", f"{where} does not answer")
    return Finding("channel", is_well=False, said=said, remedy="DONDOC_SMTP_URL")


def _heartbeats(db: Session) -> Iterator[Finding]:
    for name, age in heartbeats.ages(db, real_now()).items():
        if age is None:
            yield Finding(
                name, is_well=False, said=pair("chưa từng chạy", "never ran"), remedy=f"dondoc {name}"
            )
        else:
            seconds = int(age.total_seconds())
            said = pair(f"{seconds} giây trước", f"{seconds} seconds ago")
            yield Finding(name, age < SILENT_AFTER, said, f"dondoc {name}")


def _last_night(runtime: Runtime, db: Session) -> Finding:
    from tasks.nights import ALARM_AFTER, is_covered, last_night_due

    night = last_night_due(runtime.settings, runtime.now(), ALARM_AFTER)
    last = sweeps.last_completed(db)
    if last is None:
        said = pair("chưa có lượt quét nào", "no sweep yet")
        return Finding("sweep", is_well=True, said=said)
    said = pair(f"đêm gần nhất {last.night_on:%d/%m/%Y}", f"last night swept {last.night_on:%d/%m/%Y}")
    return Finding("sweep", is_covered(db, night), said, "dondoc sweep run")


def _held(db: Session) -> Finding:
    held = sum(one.held_count for one in sweeps.held(db))
    said = pair(f"{held} thư bị giữ vì quá mức trần", f"{held} mails held over the cap")
    return Finding("brake", held == 0, said, "dondoc sweep resume --over-cap")


def _stopped(db: Session) -> Finding:
    stop = channel.stopped(db)
    if stop is None:
        return Finding("mail", is_well=True, said=pair("kênh gửi thư hoạt động", "the mail channel works"))
    said = pair(f"kênh gửi thư dừng: {stop.response}", f"the mail channel is stopped: {stop.response}")
    return Finding("mail", is_well=False, said=said, remedy="dondoc message channel --retry")


def _signature(settings: Settings) -> Finding:
    """Refused here, and not at eight o'clock: a key that cannot sign stops all mail."""
    if settings.dkim_key_file is None:
        return Finding("dkim", is_well=True, said=pair("thư không ký DKIM", "mails carry no DKIM signature"))
    try:
        signer(settings.dkim_key_file, settings.dkim_selector, "doctor.example")
    except WorkflowError as wrong:
        return _refused("dkim", wrong)
    return Finding("dkim", is_well=True, said=pair("khóa ký được", "the key signs"))


def _imap(settings: Settings) -> Finding:
    """Mails in without a reply address would be read by nobody."""
    box = imap.parse(settings.imap_url or "")
    where = f"{box.host}:{box.port}/{box.folder}"
    if settings.reply_address is None:
        said = pair("chưa đặt địa chỉ nhận trả lời", "no reply address is set")
        return Finding("inbound mail", is_well=False, said=said, remedy="DONDOC_REPLY_ADDRESS")
    try:
        with fetching.opened(box):
            said = pair(f"{where} mở được", f"{where} opens")
            return Finding("inbound mail", is_well=True, said=said)
    except fetching.MailboxAway as away:
        said = pair(f"không mở được {away}", f"cannot be opened: {away}")
        return Finding("inbound mail", is_well=False, said=said, remedy="DONDOC_IMAP_URL")


def _inbox(db: Session) -> Finding:
    waits = inbound.counts(db, SYSTEM).get(InboundOutcome.HELD, 0)
    said = pair(f"{waits} thư chờ ghép", f"{waits} mails wait to be matched")
    return Finding("inbox", waits == 0, said, "dondoc message inbox")


def _mailboxes(db: Session) -> Finding:
    dead = ", ".join(one.email for one in people.dead_mailboxes(db))
    said = pair(dead or "mọi địa chỉ nhận được thư", dead or "every address takes mail")
    return Finding("mailboxes", not dead, said, "dondoc agency contact edit EMAIL --email …")


def _posts(db: Session) -> Finding:
    empty = ", ".join(one.code for one in organizations.empty_posts(db))
    said = pair(empty or "cơ quan chủ trì nào cũng có người nhận", empty or "every lead can be reached")
    return Finding("contacts", not empty, said, "dondoc agency contact add")


def _calendar(db: Session, today: date) -> Finding:
    confirmed = int(rulebook.active_calendar(db).to_document()["confirmed_through"])
    said = pair(f"đã xác nhận đến hết {confirmed}", f"confirmed through {confirmed}")
    return Finding("calendar", (today + LOOK_AHEAD).year <= confirmed, said, "dondoc calendar import FILE")
