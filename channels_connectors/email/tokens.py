"""Names of mail threads, and the signs in our own mails by which an answer finds its thread: no database is asked."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from channels_connectors.connector import Account

NAME_LENGTH, SIGN_LENGTH = 16, 10

MESSAGE_ID = re.compile(r"<?(\d{1,19})\.(\d{1,4})\.([a-z2-7-]{1,60})\.([a-z2-7]{10})@")
SUBJECT_TAG = re.compile(r"\[#([a-z2-7-]{1,60})\.([a-z2-7]{10})\]")
PLUS = re.compile(r"([^@+]+)\+([a-z2-7-]{1,60})\.([a-z2-7]{10})@(.+)")


@dataclass(frozen=True, slots=True)
class OwnMail:
    """A mail of ours, known by its Message-ID."""

    client_key: str
    chat: str


def thread_name(message_id: str) -> str:
    """The name of the thread that a mail began."""
    return _short(hashlib.sha256(message_id.encode("utf-8", "replace")).digest(), NAME_LENGTH)


def message_id_of(client_key: str, chat: str, account: Account) -> str:
    """The same for every try, so that whoever receives it twice can tell."""
    said = f"{client_key}.{chat}"
    return f"<{said}.{_sign(said, account)}@{domain_of(account)}>"


def own_mail(message_id: str, account: Account) -> OwnMail | None:
    """Whether a Message-ID is one that we gave, and to what."""
    found = MESSAGE_ID.match(message_id)
    if found is None or not _is_ours(f"{found[1]}.{found[2]}.{found[3]}", found[4], account):
        return None
    return OwnMail(f"{found[1]}.{found[2]}", found[3])


def subject_tag(chat: str, account: Account) -> str:
    return f"[#{chat}.{_sign(chat, account)}]"


def chat_of_subject(subject: str, account: Account) -> str:
    for found in SUBJECT_TAG.finditer(subject[:2000].lower()):
        if _is_ours(found[1], found[2], account):
            return found[1]
    return ""


def plus_address(chat: str, account: Account) -> str:
    local, _at, domain = account.external_id.rpartition("@")
    return f"{local}+{chat}.{_sign(chat, account)}@{domain}"


def chat_of_address(address: str, account: Account) -> str:
    found = PLUS.fullmatch(address)
    is_ours = found is not None and f"{found[1]}@{found[4]}" == account.external_id
    return found[2] if found and is_ours and _is_ours(found[2], found[3], account) else ""


def domain_of(account: Account) -> str:
    return account.external_id.rpartition("@")[2] or "localhost"


def _is_ours(said: str, sign: str, account: Account) -> bool:
    return bool(account.webhook_secret) and hmac.compare_digest(sign, _sign(said, account))


def _sign(said: str, account: Account) -> str:
    key = f"mail:{account.webhook_secret}".encode()
    return _short(hmac.digest(key, said.encode("utf-8", "replace"), "sha256"), SIGN_LENGTH)


def _short(digest: bytes, length: int) -> str:
    return base64.b32encode(digest).decode()[:length].lower()
