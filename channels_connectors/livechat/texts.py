"""Texts that the visitors' scripts show. Visitors get these from the catalogue of scripts, not the whole of it."""

from common.catalogue import catalogue

SCRIPT_TEXTS = frozenset(
    {
        "At most 10 files in one message",
        "Bad",
        "Being sent",
        "File",
        "Finish the conversation",
        "Finish the conversation?",
        "Good",
        "Yes, finish",
        "No",
        "Larger than {size}",
        "Message deleted",
        "No connection. What you write is kept and goes out by itself.",
        "Not sent",
        "Operator",
        "Operator is typing…",
        "Photo",
        "Read",
        "Remove",
        "Send",
        "Sent",
        "Thank you. We see it with your next message.",
        "The conversation is finished. Write whenever you need us.",
        "The file could not be loaded",
        "The file could not be sent",
        "The file is on its way",
        "The message goes out when its files are there",
        "The message is too long: at most {limit} characters",
        "This could not be sent. Try again.",
        "Today",
        "Try again",
        "Uploading…",
        "Usually less than a minute",
        "Usually up to {count} hour",
        "Usually up to {count} minute",
        "Usually {low}–{count} hour",
        "Usually {low}–{count} minute",
        "What was good, what was not?",
        "Yesterday",
        "Your comment is kept.",
        "Your place in the queue: {position}",
        "Your rating",
        "edited",
        "{count} day",
        "{count} star",
        "{name} is typing…",
        "{size} KB",
        "{size} MB",
    }
)


def script_catalogue(language: str) -> dict[str, str | list[str]]:
    return {msgid: text for msgid, text in catalogue(language).items() if msgid in SCRIPT_TEXTS}
