"""Clients who may be the same person, and what speaks for it. Only those whom the reader may see."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q

from crm.models import Client, Identity, User
from openlines.access import visible_clients
from openlines.cards import client_json
from openlines.presenters import Json

MOST = 10
# What a name alone can't say, it says together with one of these.
SAME_NAME = "SAME_NAME"
REASONS = {"phone": "SAME_PHONE", "email": "SAME_EMAIL"}


@dataclass(slots=True)
class Likeness:
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def is_enough(self) -> bool:
        return bool(self.reasons.keys() - {SAME_NAME, "SAME_LANGUAGE"}) or {SAME_NAME, "SAME_LANGUAGE"} <= (
            self.reasons.keys()
        )


def similar_clients(client: Client, *, reader: User) -> list[Json]:
    """Those with the most in common first."""
    likenesses = _by_addresses(client)
    _by_name(client, likenesses)
    wanted = [pk for pk, likeness in likenesses.items() if likeness.is_enough]
    found = visible_clients(reader).filter(pk__in=wanted).annotate(talks=Count("dialogs"))
    ranked = sorted(found, key=lambda one: (-len(likenesses[one.pk].reasons), one.pk))[:MOST]
    return [_json(one, likenesses[one.pk]) for one in ranked]


def _by_addresses(client: Client) -> dict[int, Likeness]:
    """The same phone or e-mail, also where one of them only claims it; the same account or user name elsewhere."""
    own = list(Identity.objects.filter(client=client).values_list("kind", "value", "title"))
    values = {(kind, value) for kind, value, _title in own}
    titles = {title for _kind, _value, title in own if title.startswith("@")}
    likenesses: dict[int, Likeness] = defaultdict(Likeness)
    others = Identity.objects.exclude(client=client).filter(
        Q(value__in=[value for _kind, value in values]) | Q(title__in=titles)
    )
    for client_id, kind, value, title in others.values_list("client_id", "kind", "value", "title"):
        if (kind, value) in values:
            likenesses[client_id].reasons[REASONS.get(kind, "SAME_ACCOUNT")] = title or value
        elif title in titles:
            likenesses[client_id].reasons["SAME_USERNAME"] = title
    return likenesses


def _by_name(client: Client, likenesses: dict[int, Likeness]) -> None:
    """A first name alone is everybody's; a whole name counts with another sign."""
    if len(client.name.split()) < 2:
        return
    namesakes = Client.objects.filter(name=client.name, merged_into=None).exclude(pk=client.pk)
    for pk, language in namesakes.values_list("pk", "language")[: MOST * 5]:
        likenesses[pk].reasons[SAME_NAME] = client.name
        if language and language == client.language:
            likenesses[pk].reasons["SAME_LANGUAGE"] = language


def _json(client: Client, likeness: Likeness) -> Json:
    reasons = [{"code": code, "value": value} for code, value in likeness.reasons.items() if code != "SAME_LANGUAGE"]
    return client_json(client) | {"reasons": reasons, "dialogs": client.talks}  # type: ignore[attr-defined]
