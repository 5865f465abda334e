"""What mypy's Django plugin reads: the real settings, which want an environment, without any server behind it."""

import os

from cryptography.fernet import Fernet

for name, value in {
    "SECRET_KEY": "for types only",
    "ENCRYPTION_KEY": Fernet.generate_key().decode(),
    "DATABASE_URL": "postgresql://localhost/types",
    "REDIS_URL": "redis://localhost",
}.items():
    os.environ.setdefault(name, value)

from config.settings.base import *  # noqa: E402, F403
