"""Messages that wait to be sent: run with the DATABASE_URL of a scene, ``python -m tests.bench.outgoing 15``."""

import os
import sys

import django


def queue(each: int) -> int:
    """So many messages for every open dialog, in turn; returns how many that is."""
    from django.db import transaction
    from django.utils import timezone

    from openlines.models import Dialog
    from openlines.services.locking import lock_dialog
    from openlines.services.messages import add_automatic_text

    dialogs = list(Dialog.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True))
    for number in range(each):
        with transaction.atomic():
            for pk in dialogs:
                text = f"{number}: thank you, your order is on its way and will be there tomorrow"
                add_automatic_text(lock_dialog(pk), text, now=timezone.now())
    return each * len(dialogs)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    django.setup()
    sys.stdout.write(str(queue(int(sys.argv[1]))))
