"""What a self-hoster may have set wrongly, in words: ``manage.py check``, and every start."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from openlines.push.keys import public_key


@register
def the_key_for_push_services_is_one(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    try:
        public_key()
    except ValueError:
        hint = "32 random bytes in URL-safe base64: openssl rand -base64 32 | tr +/ -_"
        return [Error("VAPID_PRIVATE_KEY is not a key.", hint=hint, id="openlines.E001")]
    return []
