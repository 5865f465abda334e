"""The product's look in templates: icons, avatars, channel marks, style sheets."""

import re
from functools import cache

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.modules import Modules, modules_of

register = template.Library()

CHANNEL_MARKS = frozenset(
    {
        "telegram", "vk", "vk_comments", "messenger", "facebook_comments", "instagram", "instagram_comments",
        "whatsapp", "viber", "botframework", "youtube", "email", "max", "ok", "avito", "custom", "website", "widget",
        "livechat", "sandbox",
    }
)  # fmt: skip


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


@register.filter
def with_code(words: object) -> SafeString:
    """Words in which what stands between backticks is code."""
    pieces = str(words).split("`")
    return format_html_join("", "{}", ((_piece(piece, is_code=index % 2 == 1),) for index, piece in enumerate(pieces)))


def _piece(words: str, *, is_code: bool) -> str:
    return format_html("<code>{}</code>", words) if is_code else words


@register.filter
def without_scheme(address: str) -> str:
    """An address as people read it."""
    return address.removeprefix("https://").removesuffix("/")


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
def module_preloads(entry: str) -> SafeString:
    """Lets the browser fetch at once what a page's script imports, instead of import by import."""
    return _preloads(_modules_of(entry).first)


@register.simple_tag
def later_module_preloads(entry: str) -> SafeString:
    """The same for what it imports on demand."""
    return _preloads(_modules_of(entry).later)


def _preloads(names: tuple[str, ...]) -> SafeString:
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', ((static(name),) for name in names))


@cache
def _modules_of(entry: str) -> Modules:
    """Only collected files are known by name; while developing, the browser finds them by itself."""
    if entry not in getattr(staticfiles_storage, "hashed_files", {}):
        return Modules()
    return modules_of(entry, _collected_text)


def _collected_text(name: str) -> str:
    with staticfiles_storage.open(name) as file:
        text: str = file.read().decode()
    return text
