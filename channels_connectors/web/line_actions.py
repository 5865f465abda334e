"""What the menu of a line does: copy it, put it away, take it out again."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from common.errors import DomainError
from common.forms import PageForm
from common.pages import drawer, is_partial, say
from crm.current import staff
from crm.web.access import administrators_only
from openlines.models import Channel, Dialog, Line
from openlines.services.line_lifecycle import archive_line, copy_line, restore_line


class ArchiveForm(PageForm):
    finishes_dialogs = forms.BooleanField(
        label=gettext_lazy("Finish them without a word to the clients"),
        help_text=gettext_lazy("Otherwise finish or transfer them first"),
        required=False,
    )


@require_POST
@administrators_only
def line_copy(request: HttpRequest, line_id: int) -> HttpResponse:
    copy = copy_line(administrator=staff(request), line=get_object_or_404(Line, pk=line_id), now=timezone.now())
    say(request, _("Here is the copy. Connect its own channels."))
    return _shown(request, reverse("line", args=[copy.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def line_archive(request: HttpRequest, line_id: int) -> HttpResponse:
    """First what it means, then it is done."""
    found = get_object_or_404(Line, pk=line_id)
    form = ArchiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            archive_line(administrator=staff(request), line=found, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, _("The line “%(name)s” is archived.") % {"name": found.name})
            return _shown(request, reverse("lines"))
    context = {
        "line": found,
        "form": form,
        "dialogs": Dialog.objects.filter(line=found).exclude(state=Dialog.State.CLOSED).count(),
        "channels": [channel for channel in Channel.objects.filter(line=found).order_by("pk") if channel.is_open],
    }
    status = 422 if form.errors else 200
    return drawer(request, "settings/lines/archive.html", context, back=reverse("line", args=[line_id]), status=status)


@require_POST
@administrators_only
def line_restore(request: HttpRequest, line_id: int) -> HttpResponse:
    line = restore_line(administrator=staff(request), line=get_object_or_404(Line, pk=line_id), now=timezone.now())
    say(request, _("The line is back. Switch it on and resume its channels when it is ready."))
    return _shown(request, reverse("line", args=[line.pk]))


def _shown(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if is_partial(request) else redirect(address)
