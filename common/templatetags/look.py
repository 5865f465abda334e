"""The product's look in templates: icons, avatars, channel marks, style sheets."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

CHANNEL_MARKS = frozenset(
    {
        "telegram",
        "vk",
        "whatsapp",
        "viber",
        "email",
        "website",
        "widget",
        "livechat",
        "ok",
        "max",
        "sandbox",
    },
)


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """One drawing of ``static/icons.svg``; sizes other than 20 have a class of their own in ``icon.css``."""
    look = "icon" if size == 20 else f"icon icon--{size}"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        look,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def channel_mark(kind: str, title: str = "", shape: str = "") -> SafeString:
    """The round mark of a channel kind; ``shape="square"`` for tiles, ``"off"`` for one not connected."""
    drawing = kind if kind in CHANNEL_MARKS else "other"
    look = " ".join(
        [
            "channel-mark",
            f"channel-mark--{kind}",
            *(f"channel-mark--{word}" for word in shape.split()),
        ]
    )
    return format_html(
        '<span class="{}" title="{}"><svg aria-hidden="true"><use href="{}#channel-{}"/></svg></span>',
        look,
        title or kind,
        static("icons.svg"),
        drawing,
    )


@register.simple_tag
def avatar(
    name: str,
    color: int | str = 0,
    size: str = "",
    channel: str = "",
    photo_url: str | None = None,
) -> SafeString:
    """A person's picture or initials; ``size`` is empty, ``small``, ``medium`` or ``large``."""
    look = f"avatar avatar--c{color}" + (f" avatar--{size}" if size else "")
    picture = (
        format_html('<img src="{}" alt="" loading="lazy">', photo_url)
        if photo_url
        else initials(name)
    )
    mark = channel_mark(channel) if channel else ""
    return format_html(
        '<span class="{}" aria-hidden="true">{}{}</span>', look, picture, mark
    )


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a person."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


@register.simple_tag
def stylesheets(names: str) -> SafeString:
    """Links to ``static/styles/<name>.css``; the order does not matter, ``layers.css`` decides."""
    return format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((static(f"styles/{name}.css"),) for name in names.split()),
    )
