from django.utils.translation import gettext_lazy as _

from channels_connectors.avito.client import DEFAULT_BASE_URL
from channels_connectors.setup import Field, Setup, Step, api_address

SETUP = Setup(
    kind="avito",
    title=_("Avito"),
    hint=_("Buyers who write about your offers"),
    fields=(
        Field(
            name="client_id",
            label="Client ID",
            hint=_("On Avito: For professionals, Integrations, API keys."),
            max_length=100,
        ),
        Field(
            name="client_secret",
            label="Client secret",
            hint=_("Stands below the Client ID."),
            widget="password",
            max_length=255,
        ),
        api_address(
            label=_("Address of the API"),
            hint=_("Only for tests. Empty: Avito's own."),
            default=DEFAULT_BASE_URL,
        ),
    ),
    guide=(
        Step(
            title=_("See whether your plan has the API"),
            text=_("Avito opens the messenger's API to business accounts with a paid plan. The plan says so."),
            link="https://www.avito.ru/professionals",
        ),
        Step(
            title=_("Copy both keys"),
            text=_("Open Integrations and there API keys. Make a pair if there is none, and copy both halves."),
            picture="settings/channels/guides/avito.svg.html",
        ),
        Step(
            title=_("Enter them here"),
            text=_("The rest is done for you: Avito is told where to deliver, and is asked for what it forgot."),
        ),
    ),
    test_hint=_("Write about one of your offers from another account."),
    token_advice=_("Look whether the plan has ended, then copy the keys anew on Avito and enter them below."),
)
