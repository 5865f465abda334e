"""Texts of the scripts, by language: the ``djangojs`` catalogue as JSON for a page to embed."""

from functools import lru_cache
from pathlib import Path

import polib
from django.conf import settings


@lru_cache(maxsize=8)
def catalogue(language: str) -> dict[str, str | list[str]]:
    """English has none: its texts are the msgids. Plurals are lists in the catalogue's order."""
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "djangojs.po"
    if not path.exists():
        return {}
    entries = [entry for entry in polib.pofile(str(path)) if entry.translated()]
    return {
        entry.msgid: [entry.msgstr_plural[i] for i in sorted(entry.msgstr_plural)]
        if entry.msgid_plural
        else entry.msgstr
        for entry in entries
    }
