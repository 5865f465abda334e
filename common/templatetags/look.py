"""The product's look in templates: icons, avatars, channel marks, style sheets."""

import re
from collections.abc import Iterator

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
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
    picture = format_html('<img src="{}" alt="" loading="lazy">', photo_url) if photo_url else initials(name)
    mark = channel_mark(channel) if channel else ""
    return format_html('<span class="{}" aria-hidden="true">{}{}</span>', look, picture, mark)


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a person."""
    words = [word for word in re.split(r"[\W_]+", str(name)) if word]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


@register.simple_tag
def stylesheets(names: str) -> SafeString:
    """Links to ``static/styles/<name>.css``; the order does not matter, ``layers.css`` decides."""
    return format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((static(f"styles/{name}.css"),) for name in names.split()),
    )


@register.simple_tag
def module_preloads(folder: str) -> SafeString:
    """Lets the browser fetch all modules of ``static/<folder>/`` at once instead of import by import."""
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', ((url,) for url in _module_urls(folder)))


def _module_urls(folder: str) -> Iterator[str]:
    """Only collected files are known by name; while developing, the browser finds them by itself."""
    for name in sorted(getattr(staticfiles_storage, "hashed_files", {})):
        if name.startswith(f"{folder}/") and name.endswith(".js") and "worker" not in name:
            yield static(name)
