"""The product's settings beside servers of our own, made quick where safety costs time."""

import os
from pathlib import Path

from tests.services import ensure_services

ensure_services()

from common.translations.compiling import compile_catalogues  # noqa: E402
from config.settings.base import *  # noqa: E402, F403
from config.settings.base import LOCALE_PATHS, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests don't collect static files first, nor look for what was collected.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = Path(os.environ["TEMPORARY_FOLDER"]) / "media"
# A fresh checkout has only the catalogues that people read.
compile_catalogues(LOCALE_PATHS[0])
