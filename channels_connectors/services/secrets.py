"""Secrets under another key, while the product goes on reading and writing them."""

from django.db import transaction

from channels_connectors.models import Account
from common import crypto

BATCH = 200
FIELDS = ("encrypted_credentials", "encrypted_webhook_secret")


def rotate_secrets() -> int:
    """Encrypt everything that is not under the first of the keys with it; returns how many rows that were.

    Raises ``InvalidToken`` where no key fits: then one is missing, and nothing of that batch was changed.
    """
    rotated, after = 0, 0
    while ids := list(Account.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rotated += _rotate(ids)
        after = ids[-1]
    return rotated


@transaction.atomic
def _rotate(ids: list[int]) -> int:
    rotated = 0
    for account in Account.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        new = {name: crypto.rotated(getattr(account, name)) for name in FIELDS}
        if any(getattr(account, name) != value for name, value in new.items()):
            Account.objects.filter(pk=account.pk).update(**new)
            rotated += 1
    return rotated
