"""What the page of a custom channel has beside what every channel's has: its secrets, and the partner's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from channels_connectors.custom.services import drop_previous_secret, renew_secret, settings_page_of
from common.pages import is_partial, say
from crm.current import staff
from crm.web.access import administrators_only
from openlines.models import Channel


@require_POST
@administrators_only
def new_secret(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Shown on this one page and never again."""
    channel = _channel(channel_id)
    secret = renew_secret(administrator=staff(request), channel=channel, now=timezone.now())
    template = "settings/channels/_secret_shown.html" if is_partial(request) else "settings/channels/secret.html"
    response = render(request, template, {"secret": secret, "channel": channel})
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@administrators_only
def drop_secret(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = _channel(channel_id)
    drop_previous_secret(administrator=staff(request), channel=channel, now=timezone.now())
    say(request, _("Only the newest secret is good now."))
    return redirect("channel", channel_id=channel.pk)


@require_safe
@administrators_only
def partner_page(request: HttpRequest, channel_id: int) -> HttpResponse:
    """To the partner's own settings page, with a token that says which channel it is."""
    address = settings_page_of(_channel(channel_id))
    return redirect(address) if address else redirect("channel", channel_id=channel_id)


def _channel(channel_id: int) -> Channel:
    return get_object_or_404(Channel.objects.select_related("account"), pk=channel_id, kind="custom")
