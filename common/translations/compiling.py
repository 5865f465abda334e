"""Catalogues as programs read them, made from those that people read; needs no gettext tools."""

import os
from pathlib import Path

import polib


def compile_catalogues(folder: Path) -> None:
    """Make ``.mo`` files where they are missing or older than their ``.po``. Several processes may do it at once."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            unfinished = source.with_suffix(f".{os.getpid()}.tmp")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)
