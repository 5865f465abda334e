"""Colleagues whom a whisper calls by name."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.events import publish
from crm.models import User
from openlines.access import visible_dialogs
from openlines.events import ColleaguesMentioned
from openlines.models import Dialog, Message
from openlines.services.participants import bring_in, decides_who_joins

MOST = 20


def call_colleagues(
    dialog: Dialog, operator_ids: Sequence[int], *, visibility: str, by: User, now: datetime
) -> list[int]:
    """Whom a message in the locked dialog mentions, each once. Those who can't see it are invited with that, if its
    author decides who joins. Raises ``InvalidInput``."""
    if not operator_ids:
        return []
    if visibility != Message.Visibility.STAFF:
        raise _wrong(_("Colleagues are mentioned in whispers only: the client would read it."))
    wanted = list(dict.fromkeys(operator_ids))
    found = User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    people = [user for user in found if user.works_with_clients]
    if len(people) != len(wanted) or len(wanted) > MOST:
        raise _wrong(_("Mention colleagues who work with clients, at most %(most)d.") % {"most": MOST})
    _let_in(dialog, [user for user in people if not _sees(user, dialog)], by=by, now=now)
    publish(ColleaguesMentioned(dialog.pk, tuple(pk for pk in wanted if pk != by.pk)))
    return wanted


def _sees(user: User, dialog: Dialog) -> bool:
    return visible_dialogs(user).filter(pk=dialog.pk).exists()


def _let_in(dialog: Dialog, strangers: Sequence[User], *, by: User, now: datetime) -> None:
    if strangers and not (dialog.is_open and decides_who_joins(dialog, by)):
        names = ", ".join(user.name for user in strangers)
        words = _("%(names)s can't see this dialog. Its operator or a supervisor can invite them.")
        raise _wrong(words % {"names": names})
    bring_in(dialog, strangers, by=by, now=now)


def _wrong(words: str) -> InvalidInput:
    return InvalidInput(words, fields={"mentions": [words]})
