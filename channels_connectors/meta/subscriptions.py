"""Where an app's webhooks go, and what of a page or account goes there. Both are needed: with one of them alone
everything is silent.

Several channels of ours share them, so nobody takes away what another one needs: fields are added to those that are
there, and any address below our ``/hooks/`` is right, since events find their channel by their account.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from channels_connectors.connector import Subscription
from channels_connectors.meta.graph import Graph


def subscribe_app(
    graph: Graph, *, app_id: str, about: str, url: str, verify_token: str, fields: Collection[str]
) -> None:
    """Have the app's webhooks about ``page``, ``instagram`` … come to ``url``. Meta asks there at once, see
    ``answer_challenge``."""
    there = _of_app(graph, app_id, about)
    wanted = sorted({*fields, *_names(there.get("fields"))}) if is_below(url, there) else sorted(fields)
    graph.post(
        f"{app_id}/subscriptions",
        {
            "object": about, "callback_url": url, "verify_token": verify_token, "fields": ",".join(wanted),
            "include_values": "true",
        },
    )  # fmt: skip


def unsubscribe_app(graph: Graph, *, app_id: str, about: str, is_this: Callable[[str], bool]) -> None:
    """Where the webhooks come to exactly that address. Another channel of ours that shared them notices soon, and has
    them come to itself."""
    if is_this(str(_of_app(graph, app_id, about).get("callback_url", ""))):
        graph.delete(f"{app_id}/subscriptions", object=about)


def subscribe_page(graph: Graph, *, page_id: str, app_id: str, fields: Collection[str]) -> None:
    wanted = {*fields, *_names(_of_page(graph, page_id, app_id).get("subscribed_fields"))}
    graph.post(f"{page_id}/subscribed_apps", subscribed_fields=",".join(sorted(wanted)))


def unsubscribe_page(graph: Graph, *, page_id: str, app_id: str, fields: Collection[str]) -> None:
    left = _names(_of_page(graph, page_id, app_id).get("subscribed_fields")) - set(fields)
    if left:
        graph.post(f"{page_id}/subscribed_apps", subscribed_fields=",".join(sorted(left)))
    else:
        graph.delete(f"{page_id}/subscribed_apps")


def app_subscription(graph: Graph, *, app_id: str, about: str, url: str, fields: Collection[str]) -> Subscription:
    there = _of_app(graph, app_id, about)
    if not there or not there.get("active", True):
        return Subscription(is_ours=False, problem=_("The app at Meta has no webhook for this."))
    if not is_below(url, there):
        host = urlsplit(str(there.get("callback_url", ""))).hostname
        problem = _("The app's webhooks go to another server: %(host)s.") % {"host": host or ""}
        return Subscription(is_ours=False, problem=problem)
    return _with_fields(fields, _names(there.get("fields")), _("The app at Meta does not watch: %(fields)s."))


def page_subscription(graph: Graph, *, page_id: str, app_id: str, fields: Collection[str]) -> Subscription:
    there = _of_page(graph, page_id, app_id)
    if not there:
        return Subscription(is_ours=False, problem=_("The page or account is no longer joined to the app."))
    names = _names(there.get("subscribed_fields"))
    return _with_fields(fields, names, _("The app does not watch this of the page or account: %(fields)s."))


def host_of_app(graph: Graph, *, app_id: str, about: str) -> str:
    """Where the app's webhooks go now; empty where nowhere."""
    return urlsplit(str(_of_app(graph, app_id, about).get("callback_url", ""))).hostname or ""


def is_below(url: str, there: Mapping[str, Any]) -> bool:
    """Whether the app's webhooks come to this server, to whichever of its channels."""
    ours, found = urlsplit(url), urlsplit(str(there.get("callback_url", "")))
    hooks = f"{ours.path.partition('/hooks/')[0]}/hooks/"
    return (ours.scheme, ours.netloc) == (found.scheme, found.netloc) and found.path.startswith(hooks)


def _with_fields(wanted: Collection[str], there: set[str], words: str) -> Subscription:
    missing = sorted(set(wanted) - there)
    return Subscription(is_ours=not missing, problem=words % {"fields": ", ".join(missing)} if missing else "")


def _of_app(graph: Graph, app_id: str, about: str) -> Mapping[str, Any]:
    found = graph.get(f"{app_id}/subscriptions").get("data", ())
    return next((subscription for subscription in found if subscription.get("object") == about), {})


def _of_page(graph: Graph, page_id: str, app_id: str) -> Mapping[str, Any]:
    apps = graph.get(f"{page_id}/subscribed_apps").get("data", ())
    return next((app for app in apps if not app_id or str(app.get("id", app_id)) == app_id), {})


def _names(fields: Any) -> set[str]:
    """Fields come as plain names, or with the version that they are wanted in."""
    return {str(field["name"] if isinstance(field, dict) else field) for field in fields or ()}
