from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common.translations.compiling import compile_catalogues


class Command(BaseCommand):
    help = "Compile locale/*.po into .mo; needs no gettext tools on the machine."

    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalogues(Path(settings.LOCALE_PATHS[0]))
