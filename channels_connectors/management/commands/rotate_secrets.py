from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from channels_connectors.services.secrets import rotate_secrets


class Command(BaseCommand):
    help = "Encrypt all secrets of channels with the first of the keys in ENCRYPTION_KEY, while the product runs."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rotated = rotate_secrets()
        except InvalidToken:
            raise CommandError("A secret was encrypted with a key that is not in ENCRYPTION_KEY: add it.") from None
        self.stdout.write(f"{rotated} accounts are under the first key now; the others were already.")
