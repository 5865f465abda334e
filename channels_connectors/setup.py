"""What connecting a channel kind asks of an administrator, declared: the wizard's form, the API and the pages of a
channel are made of it. Each kind has its own in ``<kind>/setup.py`` under the name ``SETUP``."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Words = str | Promise

CREDENTIALS, SETTINGS, BASE_URL = "credentials", "settings", "base_url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to fill in. ``widget`` is ``text``, ``password``, ``url``, ``email``, ``number``, ``choice``,
    ``switch`` or ``area``.

    It is kept in the account's ``credentials`` (encrypted, never shown again), in its ``settings``, or is its
    ``base_url``. ``pattern`` is a regular expression for the whole value, ``refusal`` what is said when it does not
    fit. Fields that are ``is_advanced`` are folded away.
    """

    name: str
    label: Words
    hint: Words = ""
    widget: str = "text"
    kept_in: str = CREDENTIALS
    is_required: bool = True
    is_advanced: bool = False
    placeholder: str = ""
    pattern: str = ""
    refusal: Words = ""
    choices: tuple[tuple[str, Words], ...] = ()
    initial: Any = ""
    max_length: int = 4096


def api_address(*, label: Words, hint: Words, default: str) -> Field:
    """Where the provider's API is; empty means ``default``, its own server."""
    return Field(
        name="base_url",
        label=label,
        hint=hint,
        widget="url",
        kept_in=BASE_URL,
        is_required=False,
        is_advanced=True,
        placeholder=default,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the guide in words; ``picture`` names a template with a drawing of our own (inline SVG), ``link`` is
    a page at the provider. What stands between `backticks` in ``text`` is shown as code."""

    title: Words
    text: Words
    picture: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """``title`` and ``hint`` stand on the channel's tile. ``needs_public_url`` where the provider must reach us.

    ``guide_note`` stands below the guide, ``test_hint`` says how to write the first message, ``token_advice`` what to
    do when the provider no longer accepts the credentials. ``shown_after`` names what an administrator enters at the
    provider by hand once the channel is connected: ``webhook_url``, ``verify_token`` (the account's webhook secret), or
    a name among the account's settings, whose label is ``extra["labels"][name]``.
    """

    kind: str
    title: Words
    hint: Words
    fields: tuple[Field, ...] = ()
    guide: tuple[Step, ...] = ()
    guide_note: Words = ""
    test_hint: Words = ""
    token_advice: Words = ""
    needs_public_url: bool = False
    shown_after: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
