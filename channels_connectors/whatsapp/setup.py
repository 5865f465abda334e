from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import SETTINGS, Field, Setup, Step, api_address

DIGITS = r"\d{5,32}"
NOT_DIGITS = _("This is a long number without spaces.")

SETUP = Setup(
    kind="whatsapp",
    title=_("WhatsApp"),
    hint=_("A company's number, by WhatsApp's Cloud API"),
    fields=(
        Field(
            name="phone_number_id",
            label=_("ID of the phone number"),
            hint=_("Not the number itself: the long number below it on the page “API Setup”."),
            kept_in=SETTINGS,
            pattern=DIGITS,
            refusal=NOT_DIGITS,
        ),
        Field(
            name="waba_id",
            label=_("ID of the WhatsApp business account"),
            hint=_("It stands beside the ID of the phone number."),
            kept_in=SETTINGS,
            pattern=DIGITS,
            refusal=NOT_DIGITS,
        ),
        Field(
            name="access_token",
            label=_("Access token"),
            hint=_("That of a system user, which does not end. The one of the page “API Setup” ends after a day."),
            widget="password",
        ),
        Field(
            name="app_id",
            label=_("ID of the app"),
            hint=_("In the app's settings, on the page “Basic”."),
            pattern=DIGITS,
            refusal=NOT_DIGITS,
        ),
        Field(
            name="app_secret",
            label=_("Secret of the app"),
            hint=_("On the same page. It proves to us that messages come from WhatsApp."),
            widget="password",
            max_length=128,
        ),
        api_address(
            label=_("Address of the Graph API"),
            hint=_("Only for a stand-in of your own. Empty: Meta's own server."),
            default="https://graph.facebook.com",
        ),
    ),
    guide=(
        Step(
            title=_("Have an app with WhatsApp in it"),
            text=_(
                "Make an app of the kind “Business” at Meta for Developers, add the product WhatsApp to it, and add"
                " your number there. A number that is in use in the phone's app can stay there, if Meta offers it."
            ),
            link="https://developers.facebook.com/apps/",
        ),
        Step(
            title=_("Copy both IDs"),
            text=_(
                "In the app, WhatsApp and then “API Setup”: choose the number, and copy its ID and that of the account."
            ),
            picture="settings/channels/guides/whatsapp.svg.html",
        ),
        Step(
            title=_("Make a token that lasts"),
            text=_(
                "In the business settings, “System users”: add one, give it the app and the WhatsApp account, and"
                " generate a token with the permissions whatsapp_business_messaging and whatsapp_business_management."
            ),
            link="https://business.facebook.com/settings/system-users",
        ),
        Step(
            title=_("Copy the app's ID and secret"),
            text=_("In the app's settings, “Basic”. We tell WhatsApp by ourselves where to deliver."),
        ),
    ),
    test_hint=_("Write to the number from another phone."),
    token_advice=_("Generate a new token of the system user and enter it below. What waits is sent then."),
    needs_public_url=True,
)
