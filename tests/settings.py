"""The product's settings beside servers of our own, made quick where safety costs time."""

import os
from pathlib import Path

from tests.services import ensure_services

ensure_services()

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests don't collect static files first, nor look for what was collected.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = Path(os.environ["TEMPORARY_FOLDER"]) / "media"
