"""Keys of single purposes, made from the installation's secret: one that leaks opens nothing else."""

import hmac
from hashlib import sha256

from config.settings import Settings


def keys(settings: Settings, purpose: str) -> tuple[bytes, ...]:
    """Newest first: the first signs, all are accepted, as with the secret itself."""
    return tuple(
        hmac.digest(key.encode(), f"dondoc:{purpose}".encode(), sha256) for key in settings.secret_keys
    )
