"""Decisions and waiting times in templates."""

from django import template

from routing.models import Decision
from routing.pace import Wait
from routing.reasons import reason_words
from routing.waiting import wait_words

register = template.Library()


@register.filter
def in_words(decision: Decision) -> str:
    return reason_words(decision.reason)


@register.filter
def range_words(wait: Wait) -> str:
    return wait_words(wait)
