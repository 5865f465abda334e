"""What messages and comments of VKontakte carry beside their text."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openlines.types import IncomingAttachment, Subject

Fields = Mapping[str, Any]

SITE = "https://vk.com"
LONGEST_LINK = 512
MOST_ATTACHMENTS, MOST_FORWARDED, DEEPEST_FORWARDED = 50, 100, 4
MENTION = re.compile(r"\[(?:id|club|public)\d{1,12}\|([^\[\]\n]{1,200})\]")


@dataclass(slots=True)
class Content:
    """``lines`` follow the text: links and titles of what can't be fetched as a file."""

    attachments: list[IncomingAttachment] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    subject: Subject | None = None
    transcript: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.attachments or self.lines)


def content_of(message: Fields, *, depth: int = 0) -> Content:
    content = Content()
    for item in _listed(message.get("attachments"))[:MOST_ATTACHMENTS]:
        kind = str(item["type"])
        read = READERS.get(kind)
        if read is None or not read(content, item[kind]):
            content.unknown.append(kind[:64])
    if depth < DEEPEST_FORWARDED:
        for forwarded in _listed(message.get("fwd_messages"))[:MOST_FORWARDED]:
            _add_forwarded(content, forwarded, depth)
    return content


def _add_forwarded(content: Content, message: Fields, depth: int) -> None:
    inner = content_of(message, depth=depth + 1)
    text = plain(str(message.get("text", "")))
    content.lines += [f"> {line}" for said in (text, *inner.lines) if said for line in said.split("\n")]
    content.attachments += inner.attachments
    content.unknown += inner.unknown


def plain(text: str) -> str:
    """Mentions of people and communities as their names."""
    return MENTION.sub(r"\1", text)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _file(content: Content, kind: str, url: Any, **fields: Any) -> bool:
    if not url or not isinstance(url, str):
        return False
    content.attachments.append(IncomingAttachment(kind=kind, reference=reference_to(url), **fields))
    return True


def reference_to(url: str) -> str:
    """An address that is too long to be kept is found in its event again."""
    return url if len(url) <= LONGEST_LINK else f"digest:{hashlib.sha256(url.encode()).hexdigest()}"


def link_behind(reference: str, event: Any) -> str | None:
    """The address that a reference means, looked for in the event that it came in where it has to be."""
    if not reference.startswith("digest:"):
        return reference
    return next((text for text in _texts(event) if reference_to(text) == reference), None)


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def _largest(sizes: Any) -> Fields:
    """Of the sizes that a picture is kept in; those of photos from albums are told without their measures."""
    return max(_listed(sizes), key=lambda size: (_int(size.get("width")) or 0) * (_int(size.get("height")) or 0))


def _photo(content: Content, photo: Fields) -> bool:
    original = photo.get("orig_photo")
    size = original if isinstance(original, dict) else _largest(photo.get("sizes"))
    width, height = _int(size.get("width")), _int(size.get("height"))
    return _file(content, "IMAGE", size["url"], mime="image/jpeg", width=width, height=height)


def _document(content: Content, document: Fields) -> bool:
    name, size = str(document.get("title", ""))[:255], _int(document.get("size"))
    return _file(content, "FILE", document.get("url"), name=name, size=size)


def _voice(content: Content, voice: Fields) -> bool:
    content.transcript = str(voice.get("transcript", ""))[:4096] or content.transcript
    duration = _int(voice.get("duration"))
    if voice.get("link_ogg"):
        return _file(content, "VOICE", voice["link_ogg"], mime="audio/ogg", duration=duration)
    return _file(content, "VOICE", voice.get("link_mp3"), mime="audio/mpeg", duration=duration)


def _audio(content: Content, audio: Fields) -> bool:
    title = _joined(" – ", audio.get("artist"), audio.get("title"))
    if _file(content, "AUDIO", audio.get("url"), name=title[:255], duration=_int(audio.get("duration"))):
        return True
    return _line(content, f"♪ {title}" if title else "")


def _sticker(content: Content, sticker: Fields) -> bool:
    images = sticker.get("images") or sticker.get("images_with_background") or []
    url = _largest(images)["url"] if images else f"{SITE}/sticker/1-{_id(sticker['sticker_id'])}-512"
    return _file(content, "STICKER", url, mime="image/png")


def _graffiti(content: Content, graffiti: Fields) -> bool:
    return _file(content, "IMAGE", graffiti.get("url"), mime="image/png")


def _gift(content: Content, gift: Fields) -> bool:
    return _file(content, "IMAGE", gift.get("thumb_256") or gift.get("thumb_96"))


def _link(content: Content, link: Fields) -> bool:
    return _line(content, link.get("title"), link["url"])


def _wall(content: Content, post: Fields) -> bool:
    owner = post.get("owner_id", post.get("to_id", post.get("from_id")))
    text = plain(str(post.get("text", "")))[:1000]
    return _line(content, text, f"{SITE}/wall{_id(owner)}_{_id(post['id'])}")


def _wall_reply(content: Content, comment: Fields) -> bool:
    place = f"{SITE}/wall{_id(comment['owner_id'])}_{_id(comment['post_id'])}?reply={_id(comment['id'])}"
    return _line(content, plain(str(comment.get("text", "")))[:1000], place)


def _market(content: Content, offer: Fields) -> bool:
    external_id = f"{_id(offer['owner_id'])}_{_id(offer['id'])}"
    url, title = f"{SITE}/market{external_id}", str(offer.get("title", ""))
    price = str((offer.get("price") or {}).get("text", ""))
    content.subject = Subject(
        kind="offer", external_id=external_id, title=title[:255], url=url, price=price[:64],
        image=reference_to(str(offer.get("thumb_photo", ""))),
    )  # fmt: skip
    return _line(content, _joined(", ", title, price), url)


def _titled(path: str) -> Callable[[Content, Fields], bool]:
    def read(content: Content, item: Fields) -> bool:
        title = item.get("title") or item.get("question") or ""
        return _line(content, title, f"{SITE}/{path}{_id(item['owner_id'])}_{_id(item['id'])}")

    return read


def _article(content: Content, article: Fields) -> bool:
    return _line(content, article.get("title"), article.get("view_url") or article.get("url"))


def _line(content: Content, *parts: Any) -> bool:
    line = _joined("\n", *parts)
    if line:
        content.lines.append(line)
    return bool(line)


def _joined(between: str, *parts: Any) -> str:
    return between.join(str(part) for part in parts if part)


def _id(value: Any) -> int:
    """Raises ``TypeError``, ``ValueError``: what is made of it has to fit where it is kept."""
    if not isinstance(value, int):
        raise TypeError("not a number")
    if abs(value) >= 2**63:
        raise ValueError("no number of VKontakte's")
    return value


number_of = _id


def _int(value: Any) -> int | None:
    return value if isinstance(value, int) else None


READERS: Mapping[str, Callable[[Content, Any], bool]] = {
    "photo": _photo, "doc": _document, "audio_message": _voice, "audio": _audio, "sticker": _sticker,
    "ugc_sticker": _sticker, "graffiti": _graffiti, "gift": _gift, "link": _link, "wall": _wall,
    "wall_reply": _wall_reply, "market": _market, "video": _titled("video"), "poll": _titled("poll"),
    "podcast": _titled("podcast"), "article": _article,
}  # fmt: skip


def first_kind(attachments: Iterable[IncomingAttachment]) -> str:
    return next((attachment.kind for attachment in attachments), "TEXT")
