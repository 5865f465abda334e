from whitenoise.storage import CompressedManifestStaticFilesStorage


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
            for folder in ("console", "widget", "pages")
        ),
    )
