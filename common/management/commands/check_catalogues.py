from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.translations.catalogues import PLURALS, catalogue_path, problems_of
from common.translations.sources import found_texts


class Command(BaseCommand):
    help = "Fail unless every text of the product has a right translation. Needs no gettext tools."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        count = 0
        for domain, found in found_texts(settings.ROOT).items():
            for language in PLURALS:
                for problem in problems_of(catalogue_path(locale, language, domain), found):
                    count += 1
                    self.stderr.write(f"{language}/{domain}: {problem}")
        if count:
            raise CommandError(f"{count} problems. `manage.py update_catalogues` adds what is new; then translate it.")
