"""``random_id``, by which VKontakte knows a message that is sent once more.

It has 31 bits, and comes back in the report of what was sent. While the numbers of our messages fit, it can be read
back, so that a report that is faster than the answer to our call is known as ours; beyond that it is a hash.
"""

import hashlib
from typing import Any

PART_BITS, MESSAGE_BITS = 4, 26
READABLE = 1 << (PART_BITS + MESSAGE_BITS)


def random_id_of(client_key: str) -> int:
    message, _, part = client_key.partition(".")
    if message.isdecimal() and part.isdecimal() and len(client_key) < 20:
        number, place = int(message), int(part)
        if 0 < number < 1 << MESSAGE_BITS and place < 1 << PART_BITS:
            return number << PART_BITS | place
    digest = int.from_bytes(hashlib.sha256(client_key.encode()).digest()[:4], "big")
    return READABLE | digest & (READABLE - 1)


def client_key_of(random_id: Any) -> str:
    """Empty where it can't be told."""
    if not isinstance(random_id, int) or not 1 << PART_BITS <= random_id < READABLE:
        return ""
    return f"{random_id >> PART_BITS}.{random_id & ((1 << PART_BITS) - 1)}"
