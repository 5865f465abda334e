"""Phones and e-mail addresses in the one form in which they are stored and compared."""

import phonenumbers
from django.utils.translation import get_language

# Where a number without a country code is dialled from, by the language of the one who types it.
REGIONS = {"ru": "RU"}


def phone_number(text: str) -> str | None:
    """The number as it is dialled from anywhere (+79161234567); ``None`` for what can't be a number."""
    try:
        number = phonenumbers.parse(text, REGIONS.get((get_language() or "")[:2]))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_address(text: str) -> str:
    return text.strip().lower()
