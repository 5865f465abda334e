"""Variables in automatic texts: ``{client}``, ``{operator}``, ``{number}``. Unknown ones stay as written."""

import re

from openlines.models import Dialog

VARIABLE = re.compile(r"(, |,| )?\{(client|operator|number)\}")


def fill_in(text: str, dialog: Dialog) -> str:
    """A variable without a value goes together with the comma or space before it: "Hello, {client}!" → "Hello!"."""
    values = {
        "client": dialog.client.name,
        "operator": dialog.owner.name if dialog.owner else "",
        "number": str(dialog.pk),
    }

    def replace(match: re.Match[str]) -> str:
        value = values[match[2]]
        return f"{match[1] or ''}{value}" if value else ""

    return VARIABLE.sub(replace, text).strip()
