"""Secrets at rest: Fernet with rotation. The first key encrypts, every key decrypts."""

import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(secrets: Mapping[str, str]) -> str:
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(json.dumps(dict(secrets)).encode()).decode()


def decrypt(token: str) -> dict[str, str]:
    """Raises ``cryptography.fernet.InvalidToken`` when no key fits."""
    return dict(_decrypted(token, tuple(settings.ENCRYPTION_KEYS))) if token else {}


@lru_cache(maxsize=256)
def _decrypted(token: str, keys: tuple[str, ...]) -> Mapping[str, str]:
    """Every message that goes out needs the same few again."""
    secrets: dict[str, str] = json.loads(_fernet(keys).decrypt(token.encode()))
    return secrets


def rotated(token: str) -> str:
    """The same secrets under the first key; unchanged where that is so already. Raises ``InvalidToken``."""
    if not token or _is_current(token):
        return token
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).rotate(token.encode()).decode()


def _is_current(token: str) -> bool:
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True
