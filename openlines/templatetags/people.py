"""Clients and staff in templates."""

from django import template
from django.utils.safestring import SafeString

from common.templatetags.look import avatar
from crm.models import Client, User
from openlines.presenters import photo_url

register = template.Library()


@register.simple_tag
def client_avatar(client: Client, size: str = "", channel: str = "") -> SafeString:
    return avatar(str(client), client.color, size, channel, photo_url(client.pk, client.photo.name or ""))


@register.simple_tag
def staff_avatar(member: User, size: str = "") -> SafeString:
    return avatar(member.name, member.color, size, "", f"/files/staff/{member.pk}/" if member.photo else None)
