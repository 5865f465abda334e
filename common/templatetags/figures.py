"""Figures as people read them: spans of time, ages, sums of money."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "BYN": "Br", "UAH": "₴"}
IN_FRONT = frozenset("$€£")
NO_BREAK = "\u00a0"


@register.filter
def duration(span: timedelta | None) -> str:
    """0:42, 12:47, 1:05:10; a dash for nothing."""
    if span is None:
        return "–"
    minutes, seconds = divmod(max(0, round(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def age(moment: datetime) -> str:
    """How long ago, in one short unit; from a month on the day itself."""
    seconds = max(0, (timezone.now() - moment).total_seconds())
    if seconds < 60:
        return _("now")
    if seconds < 3600:
        return _("%(number)d min") % {"number": seconds // 60}
    if seconds < 86400:
        return _("%(number)d h") % {"number": seconds // 3600}
    if seconds < 30 * 86400:
        return _("%(number)d d") % {"number": seconds // 86400}
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


@register.simple_tag
def money(amount: Decimal | None, currency: str) -> str:
    """12 500 ₽, $12,500; cents only where there are any; nothing for nothing."""
    if amount is None:
        return ""
    number = number_format(amount, 0 if amount == amount.to_integral_value() else 2, force_grouping=True)
    sign = SIGNS.get(currency, currency)
    if sign in IN_FRONT and not (get_language() or "").startswith("ru"):
        return f"{sign}{number}"
    return f"{number}{NO_BREAK}{sign}"
