from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.translations.catalogues import PLURALS, catalogue_path, update
from common.translations.sources import found_texts


class Command(BaseCommand):
    help = "Add new texts of the product to locale/*.po and drop those that nobody uses. Needs no gettext tools."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        sources = found_texts(settings.ROOT)
        if problems := [problem for found in sources.values() for problem in found.problems]:
            raise CommandError("\n".join(problems))
        for domain, found in sources.items():
            for language in PLURALS:
                path = catalogue_path(Path(settings.LOCALE_PATHS[0]), language, domain)
                new, dropped = update(path, language, found)
                self.stdout.write(f"{language}/{domain}: {new} new, {dropped} dropped, {len(found.texts)} in all")
