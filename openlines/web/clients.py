"""The list of clients and the card of each."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import NotFound
from common.pages import is_partial, say
from crm.current import staff
from crm.models import Client, Identity, User
from crm.search import matching_clients
from crm.web.access import staff_only
from openlines.access import visible_clients, visible_leads
from openlines.board import talks_with
from openlines.portraits import portrait_of
from openlines.services.clients import change_client
from openlines.web.lead_forms import ClientForm

PER_PAGE = 50
LONGEST_SEARCH = 200


@require_safe
@staff_only
def clients(request: HttpRequest) -> HttpResponse:
    reader = staff(request)
    search = request.GET.get("search", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = clients_for(reader)
    if search:
        found = matching_clients(found, search)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(list(page.object_list), reader),
        "search": search,
        "query": urlencode({"search": search}) if search else "",
    }
    return render(request, "crm/_client_list.html" if is_partial(request) else "crm/clients.html", context)


def clients_for(reader: User) -> QuerySet[Client]:
    """Newest first."""
    return visible_clients(reader).order_by("-pk")


def rows_of(found: list[Client], reader: User) -> list[dict[str, Any]]:
    """What the list says of each client, in a fixed number of queries."""
    ids = [client.pk for client in found]
    talks = talks_with(ids, reader=reader)
    addresses: dict[int, list[Identity]] = {}
    for identity in Identity.objects.filter(client__in=ids).order_by("pk"):
        addresses.setdefault(identity.client_id, []).append(identity)
    leads = dict(visible_leads(reader).filter(client__in=ids).order_by().values_list("client_id").annotate(Count("pk")))
    return [
        {
            "client": client,
            "talk": talks[client.pk],
            "addresses": addresses.get(client.pk, []),
            "leads": leads.get(client.pk, 0),
        }
        for client in found
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@ensure_csrf_cookie
def client(request: HttpRequest, client_id: int) -> HttpResponse:
    found = _client(request, client_id)
    form = _form_of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_client(client=found, **form.changes())
        say(request, _("Saved."))
        if not is_partial(request):
            return redirect("client", client_id)
        context = {"form": _form_of(found), "client": found, "is_saved": True}
        return render(request, "crm/_client_form.html", context)
    if is_partial(request) and request.method == "POST":
        return render(request, "crm/_client_form.html", {"form": form, "client": found}, status=422)
    context = {"client": found, "form": form, "portrait": portrait_of(found, reader=staff(request))}
    return render(request, "crm/client.html", context, status=422 if form.errors else 200)


@require_safe
@staff_only
def client_side(request: HttpRequest, client_id: int) -> HttpResponse:
    """What a page on screen asks for again when the client changed; its form only with ``?form=``."""
    found = _client(request, client_id)
    form = _form_of(found) if "form" in request.GET else None
    context = {"client": found, "form": form, "portrait": portrait_of(found, reader=staff(request))}
    return render(request, "crm/_client_update.html", context)


def _form_of(found: Client, posted: Any = None) -> ClientForm:
    return ClientForm(posted, initial={"name": found.name, "notes": found.notes, "is_vip": found.is_vip})


def _client(request: HttpRequest, client_id: int) -> Client:
    found = visible_clients(staff(request)).filter(pk=client_id).first()
    if found is None:
        raise NotFound
    return found
