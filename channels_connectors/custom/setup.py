from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import BASE_URL, SETTINGS, Field, Setup, Step, Words


def _switch(name: str, label: Words, *, initial: bool = True) -> Field:
    return Field(
        name=name, label=label, widget="switch", kept_in=SETTINGS, is_required=False, is_advanced=True, initial=initial
    )


SETUP = Setup(
    kind="custom",
    title=_("Own channel"),
    hint=_("Anything that a program of yours can speak with, over the API"),
    fields=(
        Field(
            name="name",
            label=_("Name of the channel"),
            hint=_("What the source is called: your shop's chat, a telephone exchange, a game"),
            kept_in=SETTINGS,
            max_length=100,
        ),
        Field(
            name="base_url",
            label=_("Address of your program"),
            hint=_(
                "Replies are sent there, signed. It must answer to HTTPS at a public address; a private one has to be"
                " allowed in OUTGOING_PRIVATE_HOSTS. A signed “ping” is sent there now."
            ),
            widget="url",
            kept_in=BASE_URL,
            placeholder="https://connector.example.com/openlines",
        ),
        Field(
            name="settings_page",
            label=_("Settings page of your program"),
            hint=_("Opened from the channel's page, with a token that says which channel it is. May be left empty."),
            widget="url",
            kept_in=SETTINGS,
            is_required=False,
            placeholder="https://connector.example.com/settings",
        ),
        Field(
            name="text_length",
            label=_("Longest text, characters"),
            hint=_("Longer ones go out in several messages"),
            widget="number",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            initial="4096",
        ),
        Field(
            name="upload_megabytes",
            label=_("Largest file, megabytes"),
            widget="number",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            initial="20",
        ),
        Field(
            name="window_hours",
            label=_("Hours in which clients may be answered"),
            hint=_("After their last message; 0 for always"),
            widget="number",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            initial="0",
        ),
        _switch("attachments", _("It takes files")),
        _switch("edit", _("Messages can be changed")),
        _switch("delete", _("Messages can be taken back")),
        _switch("reply", _("Messages can quote others")),
        _switch("formatting", _("It shows bold, italic, struck and code")),
        _switch("buttons", _("It shows buttons")),
        _switch("typing", _("It shows who is typing")),
        _switch("receipts", _("It reports what was delivered and read")),
        _switch("writes_first", _("Clients may be written to first"), initial=False),
    ),
    guide=(
        Step(
            title=_("Have your program answer"),
            text=_(
                "It gets every reply as a signed HTTPS request and answers `200`. The page “Custom channel” of the"
                " documentation has a whole example in Python."
            ),
            picture="settings/channels/guides/custom.svg.html",
        ),
        Step(
            title=_("Have it bring what clients write"),
            text=_(
                "It sends up to a hundred events at a time to this server, signed with the channel's secret. You get"
                " the address and the secret when the channel is connected."
            ),
        ),
    ),
    test_hint=_("Send a first message.created event from your program."),
    token_advice=_(
        "Look whether your program still answers, and whether it knows the channel's secret; then check again."
    ),
    shown_after=("events_url",),
)
