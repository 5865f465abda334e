"""Texts of the scripts for the pages that carry them."""

from django import template
from django.utils.translation import get_language

from common.catalogue import catalogue

register = template.Library()


@register.simple_tag
def script_texts() -> dict[str, str | list[str]]:
    """``{% script_texts as texts %}{{ texts|json_script:"catalogue" }}`` lets the page's scripts speak its language."""
    return catalogue(get_language() or "en")
