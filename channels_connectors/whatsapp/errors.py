"""How WhatsApp refuses, over what all of Meta's channels have in common; as an answer or in a later status."""

from channels_connectors.meta import errors as meta

PROVIDER = "WhatsApp"

KINDS: meta.Kinds = {
    **meta.KINDS,
    0: "TOKEN",
    # Too fast, or ill for a moment.
    **dict.fromkeys((130429, 131000, 131016, 131048, 131056, 131057, 133016), "RETRY"),
    # Not with these clients, today or with this account as it is.
    **dict.fromkeys((131042, 131049, 131031, 131064), "LATER"),
    131047: "WINDOW",
    131026: "BLOCKED",
}
