"""Bytes of a mail as text, whatever its charset is said to be. Linear, and never raises."""

import binascii
import codecs
import re
from collections.abc import Iterator
from email.message import Message

LONGEST_HEADER = 16_384
MOST_ADDRESSES = 100
LONGEST_ADDRESS = 254

ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+")
FOLD = re.compile(r"[\r\n]+[ \t]*")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

# Declared where nothing better was known, so they prove little.
VAGUE = frozenset({"ascii", "iso8859-1", "cp1252", "unknown-8bit"})
# They are no charsets of mails, and slow or surprising.
REFUSED = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
CYRILLIC = ("cp1251", "koi8-r")
# From this share of high bytes among letters on it is no western text with some accents.
MOSTLY_HIGH = 0.35


def decoded(content: bytes, charset: str = "") -> str:
    """What it says is believed if it can be; else the text is guessed, first as UTF-8."""
    name = _codec(charset)
    if name and name not in VAGUE:
        try:
            return storable(content.decode(name))
        except UnicodeError:
            pass
    if content.isascii():
        return storable(content.decode("ascii"))
    return storable(_guessed(content))


def _codec(charset: str) -> str:
    try:
        name = codecs.lookup(charset.strip().strip("'\"").lower()).name
        b"".decode(name)
    except (LookupError, ValueError, TypeError):
        return ""
    return "" if name in REFUSED else name


def _guessed(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeError:
        pass
    high = sum(1 for byte in content if byte >= 0xC0)
    letters = high + sum(1 for byte in content if 0x41 <= byte <= 0x7A)
    if high < MOSTLY_HIGH * letters:
        return content.decode("cp1252", "replace")
    # The letters of KOI8-R read as Windows-1251 are letters too, but small ones become capitals.
    return max((content.decode(name, "replace") for name in CYRILLIC), key=_likeness)


def _likeness(text: str) -> int:
    return sum("а" <= letter <= "я" for letter in text) - sum("А" <= letter <= "Я" for letter in text)


def storable(text: str) -> str:
    """Without what a database can't keep."""
    return UNSTORABLE.sub("", text)


def raw_header(message: Message, name: str) -> str:
    """The first header of a name on one line, with bytes over 127 as surrogates."""
    wanted = name.lower()
    for found, value in message.raw_items():
        if found.lower() == wanted:
            return FOLD.sub(" ", str(value)[:LONGEST_HEADER]).strip()
    return ""


def header(message: Message, name: str) -> str:
    """The same as people read it."""
    return words(raw_header(message, name))


def words(raw: str) -> str:
    """Encoded words as text. Neighbours in one charset may share a character, so their bytes are joined first."""
    said: list[str] = []
    pending, charset, place = b"", "", 0
    for found in ENCODED_WORD.finditer(raw):
        between = raw[place : found.start()]
        if between.strip() or found[1].lower() != charset:
            said.append(decoded(pending, charset))
            pending = b""
        if between.strip() or place == 0:
            said.append(_plain(between))
        pending, charset, place = pending + _content(found[2], found[3]), found[1].lower(), found.end()
    said += [decoded(pending, charset), _plain(raw[place:])]
    return " ".join("".join(said).split())


def _content(encoding: str, text: str) -> bytes:
    content = text.encode("ascii", "surrogateescape") if text.isascii() else text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(content, header=True)
    try:
        return binascii.a2b_base64(content + b"==")
    except binascii.Error:
        return content


def _plain(text: str) -> str:
    if text.isascii():
        return text
    return decoded(text.encode("utf-8", "surrogateescape"))


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses of all headers of a name; addresses in small letters, without what is none."""
    wanted, found = name.lower(), []
    raw = [FOLD.sub(" ", str(v)[:LONGEST_HEADER]) for k, v in message.raw_items() if k.lower() == wanted][:10]
    for piece in [piece for one in raw for piece in _apart(one)][:MOST_ADDRESSES]:
        person, address = _person(piece)
        if len(address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(address):
            found.append((person, address))
    return found


def _apart(raw: str) -> Iterator[str]:
    """What stands between commas, without comments; those inside quotation marks are none."""
    piece: list[str] = []
    is_quoted, depth, is_escaped = False, 0, False
    for letter in raw:
        if is_escaped:
            is_escaped = False
        elif letter == "\\":
            is_escaped = True
            continue
        elif letter == '"' and not depth:
            is_quoted = not is_quoted
            continue
        elif letter in "()" and not is_quoted:
            depth = max(depth + (1 if letter == "(" else -1), 0)
            continue
        elif letter in ",;" and not is_quoted and not depth:
            yield "".join(piece)
            piece.clear()
            continue
        if not depth:
            piece.append(letter)
    yield "".join(piece)


def _person(piece: str) -> tuple[str, str]:
    name, bracket, rest = piece.rpartition("<")
    if bracket:
        return words(name.strip()), words(rest.partition(">")[0].strip()).lower()
    return "", words(piece.rpartition(":")[2].strip()).lower()
