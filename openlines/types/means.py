"""What a channel can carry, as those know who write into it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimit:
    """Files of one kind (``IMAGE``, ``VIDEO`` …): how large, and of which types; no types mean any."""

    kind: str
    most_bytes: int
    mimes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a channel can carry to a client. ``length_unit`` is ``characters``, ``utf16`` or ``bytes``.

    A text over ``text_length`` goes out in several messages where ``is_split``, and is refused elsewhere.
    ``formatting`` names the marks that clients see; ``reply_window_seconds`` is how long after a client's last message
    they may be written to, 0 for always; ``operator_window_seconds`` is the same for words that a person writes, where
    that is longer. Outside the window only ``templates`` go through, where the channel has them.
    ``media`` limits kinds of files beyond ``upload_bytes``; ``album_max`` files go out as one message.
    ``most_hashtags`` and ``most_links`` are what one message may hold, ``None`` for any number.
    Where it ``is_public`` everybody reads what is written, so no machine writes there. ``hide`` and
    ``delete_theirs`` are about what clients wrote in public; ``private_reply`` answers a public comment
    in private. ``automatic_per_hour`` is how much of what no person wrote one client is sent within an hour, 0 for any
    number.
    """

    text_length: int = 4096
    caption_length: int = 1024
    length_unit: str = "characters"
    is_split: bool = False
    attachments: bool = True
    upload_bytes: int = 20 * 1024 * 1024
    media: tuple[MediaLimit, ...] = ()
    album_max: int = 1
    edit: bool = False
    delete: bool = False
    reply: bool = False
    formatting: tuple[str, ...] = ()
    reply_window_seconds: int = 0
    operator_window_seconds: int = 0
    templates: bool = False
    most_hashtags: int | None = None
    most_links: int | None = None
    capitals_refused: bool = False
    hide: bool = False
    delete_theirs: bool = False
    private_reply: bool = False
    is_public: bool = False
    automatic_per_hour: int = 0

    @property
    def window_for_people(self) -> int:
        return max(self.operator_window_seconds, self.reply_window_seconds) if self.reply_window_seconds else 0

    def length_of(self, text: str) -> int:
        if self.length_unit == "utf16":
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        return len(text.encode("utf-8", "surrogatepass")) if self.length_unit == "bytes" else len(text)
