"""Why a message did not arrive, in words."""

from django.utils.translation import gettext as _


def delivery_error_words(code: str) -> str:
    """English on the socket, where one frame serves readers of all languages; consoles translate by code."""
    words = {
        "BLOCKED": _("The client has blocked us or deleted the account."),
        "WINDOW": _("The client wrote too long ago: wait until they write again, or send a template."),
        "LATER": _("The channel's limit is used up for now: it goes out by itself later."),
        "TOKEN_REVOKED": _("The channel's token is no longer accepted: an administrator must reconnect it."),
        "EXPIRED_RETRIES": _("The channel could not be reached for too long."),
        "UNKNOWN": _("The channel did not confirm: the client may or may not have it."),
    }
    return words.get(code, _("The channel refused this message."))
