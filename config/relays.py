"""Where mails go, as the operator wrote it: a relay (`smtp://`, `smtps://`) or a folder that sends nothing (`mailbox:`).

The one reader of such addresses: settings check with it, senders connect by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from workflow.errors import WorkflowError

FOLDER = "mailbox:"
StartTls = Literal["required", "optional", "never"]


class BadChannel(WorkflowError):
    """The address of the mail channel cannot be understood."""

    sentences: ClassVar = {
        "vi": "Kênh gửi thư '{value}' không hợp lệ: {why} Ví dụ: smtps://relay.example, mailbox:/duong/dan, "
        "smtp://ten:mat-khau@relay.example:587?starttls=required.",
        "en": "The mail channel '{value}' cannot be used: {why} Examples: smtps://relay.example, mailbox:/a/path, "
        "smtp://user:password@relay.example:587?starttls=required.",
    }
    exit_code = 2
    http_status = 422


@dataclass(frozen=True, slots=True)
class Relay:
    """What an `smtp://` or `smtps://` address says."""

    host: str
    port: int
    user: str | None
    password: str | None
    implicit_tls: bool
    starttls: StartTls
    authority: str | None
    hello: str | None

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def may_be_plain(self) -> bool:
        """Mails may cross a network readable by anybody: the operator wrote so."""
        return not self.implicit_tls and self.starttls != "required" and not self.is_loopback


def is_folder(url: str) -> bool:
    return url.startswith(FOLDER)


def check(url: str) -> None:
    """Raises BadChannel for an address no mail could go to."""
    if is_folder(url):
        parse_folder(url)
    else:
        parse_relay(url)


def parse_folder(url: str) -> Path:
    path = url.removeprefix(FOLDER)
    if not path or "\x00" in path:
        raise _bad(url, "thiếu đường dẫn thư mục.", "the path of the folder is missing.")
    return Path(path)


def parse_relay(url: str) -> Relay:
    """Default: STARTTLS required with a checked certificate; on loopback taken if offered, unchecked."""
    parts = _split(url)
    options = _options(url, parts)
    host = parts.hostname or ""
    implicit_tls = parts.scheme == "smtps"
    starttls = options.get("starttls", "optional" if is_loopback(host) else "required")
    starttls = "never" if starttls == "no" else starttls
    if implicit_tls and "starttls" in options:
        raise _bad(
            url,
            "smtps:// đã mã hóa, bỏ starttls.",
            "smtps:// is encrypted from the start; leave starttls out.",
        )
    if starttls not in ("required", "optional", "never"):
        raise _bad(
            url,
            "starttls phải là required, optional hoặc never.",
            "starttls is one of required, optional, never.",
        )
    return Relay(
        host=host,
        port=_port(url, parts) or (465 if implicit_tls else 587),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        implicit_tls=implicit_tls,
        starttls=starttls,  # type: ignore[arg-type]  # narrowed by the test above
        authority=options.get("ca"),
        hello=options.get("helo"),
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    scheme, mark, user = head.partition("://")
    return f"{scheme}{mark}{user.partition(':')[0]}:***{at}{tail}" if at and ":" in user else url


def _split(url: str) -> SplitResult:
    if any(c.isspace() or ord(c) < 32 for c in url):
        raise _bad(url, "có khoảng trắng hoặc ký tự điều khiển.", "it has spaces or control characters.")
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname)
    except ValueError as error:
        raise _bad(url, "không đọc được.", f"{error}.") from error
    if parts.scheme not in ("smtp", "smtps"):
        raise _bad(
            url,
            "phải bắt đầu bằng smtp://, smtps:// hoặc mailbox:.",
            "it must begin with smtp://, smtps:// or mailbox:.",
        )
    if not named:
        raise _bad(url, "thiếu tên máy chủ.", "the name of the relay is missing.")
    return parts


def _port(url: str, parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError as error:
        raise _bad(url, "cổng phải là số từ 1 đến 65535.", "the port is a number from 1 to 65535.") from error


def _options(url: str, parts: SplitResult) -> Mapping[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"starttls", "ca", "helo"})
    if unknown:
        raise _bad(url, f"không có tùy chọn {unknown[0]}.", f"there is no option {unknown[0]}.")
    return options


def _bad(url: str, vi: str, en: str) -> BadChannel:
    return BadChannel(value=without_password(url), why={"vi": vi, "en": en})
