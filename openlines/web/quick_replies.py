"""Shared quick replies: the page of those who keep them. One's own are kept in the console."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.forms import PageForm
from common.pages import drawer, settled
from crm.current import staff
from crm.models import User
from crm.web.access import supervisors_only
from openlines.access import steered_lines
from openlines.models import QuickReply
from openlines.quick_replies import COMPANY, LINE, kept_quick_replies
from openlines.services.quick_replies import LONGEST, change_quick_reply, create_quick_reply, remove_quick_reply

CHANGED = ("quick-replies-changed", "drawer-close")
VARIABLES = (
    ("client", gettext_lazy("the client's name")),
    ("operator", gettext_lazy("who writes")),
    ("line", gettext_lazy("the name of the line")),
    ("number", gettext_lazy("the dialog's number")),
    ("form", gettext_lazy("the link to the form")),
)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class QuickReplyForm(PageForm):
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    title = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, required=False, help_text=gettext_lazy("Empty: the first words")
    )
    shortcut = forms.CharField(
        label=gettext_lazy("Short name"), max_length=32, required=False, help_text=gettext_lazy("Typed after a slash")
    )
    folder = forms.CharField(label=gettext_lazy("Folder"), max_length=100, required=False)
    place = forms.ChoiceField(label=gettext_lazy("For whom"))

    def __init__(self, *args: Any, user: User, reply: QuickReply | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(reply), **kwargs)
        places = [(f"{LINE}:{line.pk}", line.name) for line in steered_lines(user).filter(archived_at=None)]
        if user.is_administrator:
            places.insert(0, (COMPANY, _("All lines")))
        field = self.fields["place"]
        if isinstance(field, forms.ChoiceField):
            field.choices = places
        self.files_of_reply = list(reply.files.all()) if reply else []

    def values(self, uploads: "list[UploadedFile[Any]]") -> dict[str, Any]:
        values = self.cleaned_data
        scope, _colon, line_id = values.pop("place").partition(":")
        return values | {"scope": scope, "line_id": int(line_id) if line_id else None, "uploads": uploads}


def _initial(reply: QuickReply | None) -> dict[str, Any]:
    if reply is None:
        return {}
    place = COMPANY if reply.line_id is None else f"{LINE}:{reply.line_id}"
    texts = {name: getattr(reply, name) for name in ("text", "title", "shortcut", "folder")}
    return texts | {"place": place}


@require_safe
@supervisors_only
def quick_replies(request: HttpRequest) -> HttpResponse:
    replies = kept_quick_replies(staff(request)).select_related("line").prefetch_related("files")
    return render(request, "settings/quick_replies/list.html", {"replies": replies.order_by("folder", "title", "pk")})


@require_http_methods(["GET", "HEAD", "POST"])
@supervisors_only
def new_quick_reply(request: HttpRequest) -> HttpResponse:
    form = QuickReplyForm(request.POST or None, user=staff(request))

    def save(values: dict[str, Any]) -> None:
        create_quick_reply(actor=staff(request), now=timezone.now(), **values)

    return _answered(request, form, None, save)


@require_http_methods(["GET", "HEAD", "POST"])
@supervisors_only
def quick_reply(request: HttpRequest, quick_reply_id: int) -> HttpResponse:
    reply = get_object_or_404(kept_quick_replies(staff(request)), pk=quick_reply_id)
    form = QuickReplyForm(request.POST or None, user=staff(request), reply=reply)

    def save(values: dict[str, Any]) -> None:
        kept = [file.pk for file in form.files_of_reply if str(file.pk) in request.POST.getlist("files")]
        change_quick_reply(
            quick_reply_id=reply.pk, actor=staff(request), kept_file_ids=kept, now=timezone.now(), **values
        )

    return _answered(request, form, reply, save)


@require_POST
@supervisors_only
def quick_reply_removed(request: HttpRequest, quick_reply_id: int) -> HttpResponse:
    remove_quick_reply(quick_reply_id=quick_reply_id, actor=staff(request), now=timezone.now())
    return _done(request, _("The quick reply is gone. What was sent with it stays."))


def _answered(
    request: HttpRequest, form: QuickReplyForm, reply: QuickReply | None, save: Callable[[dict[str, Any]], None]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            save(form.values(request.FILES.getlist("uploads")))
        except DomainError as error:
            form.refuse(error)
        else:
            return _done(request, _("Saved."))
    context = {"form": form, "reply": reply, "variables": VARIABLES}
    status = 422 if form.errors else 200
    return drawer(request, "settings/quick_replies/reply.html", context, back=reverse("quick-replies"), status=status)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    return settled(request, words, back=reverse("quick-replies"), events=CHANGED)
