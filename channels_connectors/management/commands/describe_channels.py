from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from channels_connectors.described import PAGE, page


class Command(BaseCommand):
    help = f"Write {PAGE} from what every kind of channel declares."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            (Path(settings.ROOT) / PAGE).write_text(page(), "utf-8")
