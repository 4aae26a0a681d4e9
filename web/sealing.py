"""Secrets that must be read again, sealed with the site's key: what lies in the database opens nothing alone."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet

from web.site import Site


def seal(site: Site, secret: str) -> str:
    return _keys(site).encrypt(secret.encode()).decode()


def opened(site: Site, sealed: str) -> str:
    """With any of the keys in force, so that they can be changed."""
    return _keys(site).decrypt(sealed.encode()).decode()


def _keys(site: Site) -> MultiFernet:
    return MultiFernet([Fernet(_key(one)) for one in site.settings.secret_keys])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"dondoc.seal:" + secret.encode()).digest())
