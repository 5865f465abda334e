"""The texts that providers approved: taken over as they are there now, and sent with their gaps filled."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.connector import Template
from channels_connectors.models import MessageTemplate
from channels_connectors.template_texts import filled
from common.errors import DomainError, InvalidInput
from crm.models import User
from openlines.access import visible_dialog
from openlines.models import Message
from openlines.services.locking import hold_channel
from openlines.services.replies import send_reply
from openlines.types import OutgoingTemplate

LONGEST_PARAMETER = 1024


class TemplateGone(DomainError):
    code = "template_gone"
    message = gettext_lazy("This template can't be sent any more. Choose another one.")


FIELDS = ["category", "state", "body", "gaps", "synced_at"]


@transaction.atomic
def sync_templates(*, channel_id: int, templates: Sequence[Template], now: datetime) -> None:
    """Take over what the provider has; what it no longer has goes."""
    hold_channel(channel_id)
    rows = [MessageTemplate(channel_id=channel_id, synced_at=now, **asdict(template)) for template in templates]
    MessageTemplate.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["channel", "name", "language"], update_fields=FIELDS
    )
    MessageTemplate.objects.filter(channel_id=channel_id, synced_at__lt=now).delete()


def send_template(
    *,
    dialog_id: int,
    operator: User,
    template_id: int,
    parameters: Sequence[str],
    now: datetime,
    command_id: UUID | None = None,
) -> tuple[Message, bool]:
    """Write to the client with an approved text, also when nothing else goes through any more.

    Returns the message and whether it is new. Raises what ``send_reply`` raises, ``TemplateGone``, ``InvalidInput``
    with what is wrong at each gap.
    """
    dialog = visible_dialog(operator, dialog_id)
    template = MessageTemplate.objects.filter(pk=template_id, channel=dialog.channel_id, state="APPROVED").first()
    if template is None:
        raise TemplateGone
    values = _values(template, parameters)
    return send_reply(
        dialog_id=dialog_id, operator=operator, text=filled(template.body, values), command_id=command_id, now=now,
        template=OutgoingTemplate(name=template.name, language=template.language, parameters=values),
    )  # fmt: skip


def _values(template: MessageTemplate, parameters: Sequence[str]) -> tuple[str, ...]:
    """Providers take one line for each gap, and none that is empty."""
    values = tuple(" ".join(value.split()) for value in parameters)
    if len(values) != template.gaps:
        raise InvalidInput(_("Fill in every gap of the template."), fields={"parameters": [_("Fill in every gap.")]})
    wrong = {f"parameters.{number}": [_("Fill this in.")] for number, value in enumerate(values) if not value}
    if wrong:
        raise InvalidInput(_("Fill in every gap of the template."), fields=wrong)
    if any(len(value) > LONGEST_PARAMETER for value in values):
        words = _("At most %(limit)d characters.") % {"limit": LONGEST_PARAMETER}
        raise InvalidInput(words, fields={"parameters": [words]})
    return values
