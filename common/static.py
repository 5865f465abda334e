from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from common.modules import without_comments

FOLDERS = ("console", "widget", "pages")


class LeanScripts:
    """Scripts as browsers need them, of a storage that has them as people do."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, name: str) -> "ContentFile[bytes]":
        with self.storage.open(name) as file:
            return ContentFile(without_comments(file.read().decode()).encode())


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for static files, also inside the imports of our own ES modules.

    Only our folders: third-party scripts have comments that look like imports.
    """

    support_js_module_import_aggregation = False
    # A module's name depends on the names of those it imports: one pass per level of imports. A circle never ends.
    max_post_process_passes = 30
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *(
            (f"{folder}/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1])
            for folder in FOLDERS
        ),
    )

    def post_process(self, paths: dict[str, tuple[Any, str]], *args: Any, **options: Any) -> Iterator[Any]:
        """Half of what our modules say is said to people: browsers get them without."""
        lean = {
            name: (LeanScripts(storage), path)
            for name, (storage, path) in paths.items()
            if name.endswith(".js") and name.split("/")[0] in FOLDERS
        }
        yield from super().post_process(paths | lean, *args, **options)
