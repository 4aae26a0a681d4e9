"""Secrets that must be used again, and so cannot be hashed: sealed with a key that is not in the database."""

from base64 import urlsafe_b64encode
from typing import ClassVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from config.secret import keys
from config.settings import Settings
from workflow.errors import WorkflowError

PURPOSE = "webhook"


class SealBroken(WorkflowError):
    """The installation's secret was changed without keeping the old one."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Không mở được bí mật đã cất: khóa của hệ thống đã đổi. Hãy tạo lại.",
        "en": "The kept secret cannot be opened: the installation's key has changed. Make a new one.",
    }


def seal(settings: Settings, secret: str) -> str:
    return _box(settings).encrypt(secret.encode()).decode()


def unseal(settings: Settings, sealed: str) -> str:
    """Raises SealBroken."""
    try:
        return _box(settings).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error


def _box(settings: Settings) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys(settings, PURPOSE)])
