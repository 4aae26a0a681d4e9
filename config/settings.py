"""What the operator told us: one frozen object, read at the edges and nowhere else.

Order of precedence: environment, `*_FILE` secrets, `.env` in the working directory, defaults.
"""

import difflib
import os
import secrets
from collections.abc import Iterable
from datetime import time
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config import addresses, imap, reasons, relays
from config.filesystem import network_share
from workflow.errors import WorkflowError

PREFIX = "DONDOC_"
SECRETS = (
    "database_url",
    "broker_url",
    "smtp_url",
    "imap_url",
    "secret_key",
    "deadman_url",
    "oidc_client_secret",
)
KEY_LENGTH = 32
SECOND_FACTOR_POSTS = {"administrator", "chair", "deputy_chair", "secretary", "leadership", "auditor"}


class SettingWrong(WorkflowError):
    """The start is refused: one field, why, and what would be right."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Cấu hình {field} không hợp lệ: {why}",
        "en": "Setting {field} cannot be accepted: {why}",
    }
    exit_code = 2
    http_status = 503


def default_home() -> Path:
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path("~/.local/share")) / "dondoc"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=default_home, description="Folder of everything the product keeps.")
    database_url: str = Field(
        default_factory=lambda given: f"sqlite:///{given['home'] / 'dondoc.db'}",
        repr=False,
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )
    broker_url: str | None = Field(
        default=None,
        repr=False,
        description="redis://HOST/0, rediss://, redis+socket:// or memory://; unset starts a private server.",
    )
    smtp_url: str = Field(
        default_factory=lambda given: f"mailbox:{given['home'] / 'mailbox'}",
        repr=False,
        description="mailbox:FOLDER (nothing leaves), smtp://USER:PASSWORD@HOST:587 or smtps://…:465",
    )
    base_url: str = Field(default="http://127.0.0.1:8000", description="Address of the pages, used in mails.")
    host: str = Field(default="127.0.0.1", description="Interface the pages listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the pages listen on.")
    mail_from: str = Field(
        default="Đôn đốc <dondoc@localhost>", description="Sender of every mail: Name <address>."
    )
    reply_address: str | None = Field(
        default=None, description="Where answers by mail arrive; its plus addresses reach it too."
    )
    bounce_address: str | None = Field(
        default=None, description="Where mails come back; as the reply address, with bounce@ if not given."
    )
    imap_url: str | None = Field(
        default=None,
        repr=False,
        description="Where both are fetched: imaps://USER:PASSWORD@HOST/INBOX?done=FOLDER",
    )
    received_days: int = Field(
        default=400, ge=30, description="Days the bytes of received mails are kept; held ones stay longer."
    )
    only_to: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Not production: mail goes only to these addresses or @domains, comma separated.",
    )
    mail_per_minute: int | None = Field(
        default=None, ge=1, description="Most mails handed to the relay in one minute; unset: no limit."
    )
    mail_per_person: int | None = Field(
        default=None, ge=1, description="Most mails to one person within one hour; unset: no limit."
    )
    dkim_key_file: Path | None = Field(
        default=None, description="Private key (PEM) that signs every mail; unset: not signed."
    )
    dkim_selector: str = Field(
        default="dondoc",
        pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
        description="Selector of the key in DNS.",
    )
    dkim_domain: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
        description="Domain that signs; unset: that of the sender.",
    )
    second_factor_for: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Roles and posts that must use a second factor: administrator, chair, deputy_chair, secretary.",
    )
    oidc_issuer: str | None = Field(
        default=None, description="OpenID provider people may sign in with: its issuer, an https address."
    )
    oidc_client_id: str | None = Field(
        default=None, validate_default=True, description="How the provider names this installation."
    )
    oidc_client_secret: str | None = Field(
        default=None, repr=False, description="What the provider gave with it; unset: a public client."
    )
    oidc_name: str = Field(
        default="OpenID", min_length=1, description="What people call the provider; on the sign-in page."
    )
    webhook_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Only these hosts may be called by webhooks, also plain or private ones; unset: any public https.",
    )
    delegation: str = Field(
        default="Đoàn giám sát", min_length=1, description="Name of the body, where a supervision names none."
    )
    parent_body: str | None = Field(
        default=None, description="Body above the delegation, first line of the letterhead."
    )
    place: str | None = Field(default=None, description="Place before the date of letters and reports.")
    letterhead: Literal["dang", "nha-nuoc"] = Field(
        default="dang", description="Layout of papers: dang (Party) or nha-nuoc (State)."
    )
    locale: Literal["vi", "en"] = Field(default="vi", description="Language where a person has none.")
    timezone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Ho_Chi_Minh"), description="Zone of the nights and the due days."
    )
    sweep_at: time = Field(default=time(1, 30), description="Local hour of the nightly sweep, HH:MM.")
    poll_seconds: float = Field(
        default=5.0, gt=0, le=30, description="How often the outbox is looked at when no bell rings."
    )
    worker_processes: int = Field(default=2, ge=1, le=64, description="Processes of one worker.")
    operator: str | None = Field(default=None, description="Address told when a night is missing.")
    deadman_url: str | None = Field(
        default=None, repr=False, description="Called when a sweep completes; its silence alarms."
    )
    clock_file: Path | None = Field(
        default=None, description="Demo and tests only: a file holding the instant it is."
    )
    secret_key: SecretStr = Field(
        default_factory=lambda given: SecretStr(kept_secret(given["home"])),
        description="Signs links and forms; at least 32 characters; 'new,old' while rotating.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="Log level.")
    log_format: Literal["json", "text"] = Field(default="json", description="One JSON line, or text.")

    @property
    def secret_keys(self) -> list[str]:
        """Newest first: the first signs, all are accepted."""
        return [key.strip() for key in self.secret_key.get_secret_value().split(",") if key.strip()]

    @field_validator("home", "clock_file", "dkim_key_file")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path else None

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        return addresses.database_url(url)

    @field_validator("broker_url")
    @classmethod
    def _broker(cls, url: str | None) -> str | None:
        return addresses.broker_url(url) if url else None

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, url: str) -> str:
        try:
            relays.check(url)
        except relays.BadChannel as wrong:
            raise SettingWrong(field=f"{PREFIX}SMTP_URL", why=wrong.facts["why"]) from None
        return url

    @field_validator("base_url")
    @classmethod
    def _web(cls, url: str) -> str:
        return addresses.web_url(url)

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, url: str | None) -> str | None:
        return addresses.issuer(url) if url else None

    @field_validator("oidc_client_id")
    @classmethod
    def _client(cls, name: str | None, given: ValidationInfo) -> str | None:
        if given.data.get("oidc_issuer") and not name:
            raise ValueError("oidc_client")
        return name

    @field_validator("deadman_url")
    @classmethod
    def _deadman(cls, url: str | None) -> str | None:
        return addresses.web_url(url) if url else None

    @field_validator("mail_from", "operator")
    @classmethod
    def _mailbox(cls, address: str | None) -> str | None:
        return addresses.mailbox(address) if address else None

    @field_validator("reply_address", "bounce_address")
    @classmethod
    def _bare_address(cls, address: str | None) -> str | None:
        return addresses.bare(address) if address else None

    @field_validator("imap_url")
    @classmethod
    def _imap(cls, url: str | None) -> str | None:
        return imap.checked(url) if url else None

    @field_validator("only_to", "webhook_hosts", "second_factor_for", mode="before")
    @classmethod
    def _list(cls, text: object) -> object:
        return (
            tuple(part.strip() for part in text.split(",") if part.strip()) if isinstance(text, str) else text
        )

    @field_validator("second_factor_for")
    @classmethod
    def _posts(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not set(names) <= SECOND_FACTOR_POSTS:
            raise ValueError("posts")
        return names

    @field_validator("only_to")
    @classmethod
    def _recipients(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(addresses.recipient_rule(entry) for entry in entries)

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, given: SecretStr) -> SecretStr:
        keys = [key.strip() for key in given.get_secret_value().split(",")]
        if any(len(key) < KEY_LENGTH for key in keys):
            raise ValueError("short_secret")
        if any(_is_an_example(key) for key in keys):
            raise ValueError("example_secret")
        return given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        from_files = InitSettingsSource(settings_cls, secrets_from_files())
        return init_settings, env_settings, from_files, dotenv_settings, file_secret_settings


def load_settings() -> Settings:
    """Raises SettingWrong for the first wrong field. Makes the home folder, for its owner only."""
    refuse_misspelled({**dotenv_values(".env"), **os.environ})
    try:
        settings = Settings()
    except ValidationError as error:
        raise _first_wrong(error) from None
    make_home(settings.home)
    refuse_network_share(settings.database_url)
    return settings


def refuse_network_share(database_url: str) -> None:
    """SQLite lives by file locks, which a share does not keep: commits get lost."""
    kind = network_share(Path(database_url.removeprefix("sqlite:///")).resolve())
    if database_url.startswith("sqlite") and kind:
        raise SettingWrong(field=f"{PREFIX}DATABASE_URL", why=reasons.said("network_share", kind=kind))


def make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingWrong(field=f"{PREFIX}HOME", why=f"{home}: {error.strerror}") from error


def kept_secret(home: Path) -> str:
    """The key made once under home; two processes that start together agree on one."""
    path = home / "secret_key"
    make_home(home)
    if not path.exists():
        draft = home / f".secret_key.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        _claim(draft, path)
    return path.read_text(encoding="ascii").strip()


def secrets_from_files() -> dict[str, str]:
    """DONDOC_X_FILE names a file that holds X, as container secrets are handed over."""
    given = {**dotenv_values(".env"), **os.environ}
    named = {field: given.get(f"{PREFIX}{field.upper()}_FILE") for field in SECRETS}
    return {field: _secret_in(field, path) for field, path in named.items() if path}


def refuse_misspelled(names: Iterable[str]) -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    known |= {f"{PREFIX}{field.upper()}_FILE" for field in SECRETS}
    for name in sorted(name for name in names if name.startswith(PREFIX) and name not in known):
        meant = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
        if meant:
            raise SettingWrong(field=name, why=reasons.said("misspelled", meant=meant[0]))


def _claim(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _secret_in(field: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        raise SettingWrong(field=f"{PREFIX}{field.upper()}_FILE", why=f"{path}: {why}") from error


def _is_an_example(key: str) -> bool:
    plain = key.lower().replace("-", "").replace("_", "")
    return len(set(key)) < 8 or any(word in plain for word in ("changeme", "example", "thaydoi"))


def _first_wrong(error: ValidationError) -> SettingWrong:
    """Defaults that hang on a wrong field are not reported: the field itself is."""
    wrong = next(each for each in error.errors() if each["type"] != "default_factory_not_called")
    facts: dict[str, Any] = wrong.get("ctx", {})
    reason = str(facts["error"]) if wrong["type"] == "value_error" else wrong["type"]
    why = reasons.said(reason, otherwise=wrong["msg"], **facts)
    field = str(wrong["loc"][0])
    if field not in SECRETS and isinstance(wrong["input"], str):
        given = " ".join(wrong["input"].split())[:80]
        why = {locale: f"'{given}': {sentence}" for locale, sentence in why.items()}
    return SettingWrong(field=PREFIX + field.upper(), why=why)
