"""Blocks of message ids: how a search reads from the newest messages to older ones without reading what it won't show.

An inverted index knows no order: a frequent word has half a million rows in it, of which a page wants the newest
twenty. So each message also has the numbers of its blocks as lexemes, and a search asks for its words *and* a block,
the newest first. There are blocks of three sizes, each a multiple of the one before, so that few of them reach back to
the beginning.
"""

from collections.abc import Iterator
from dataclasses import dataclass

SIZES = (14, 17, 20)
"""As powers of two: sixteen thousand messages, a hundred and thirty thousand, a million."""
BLOCKS_OF_A_SIZE = 4


@dataclass(frozen=True, slots=True)
class Block:
    """Messages of the block ``lexeme`` whose ids are less than ``before``; ``first`` is the least of them."""

    lexeme: str
    before: int
    first: int


def block_lexemes(message_id: int) -> list[str]:
    return [_lexeme(size, message_id) for size in SIZES]


def _lexeme(size: int, message_id: int) -> str:
    """No word has such a sign in it."""
    return f"@{size}@{message_id >> size}"


def blocks_down(before: int, least: int) -> Iterator[Block]:
    """From the newest message before ``before`` to the first that is not less than ``least``, each once."""
    number = 0
    while before > max(least, 1):
        size = SIZES[min(number // BLOCKS_OF_A_SIZE, len(SIZES) - 1)]
        first = (before - 1) >> size << size
        yield Block(_lexeme(size, before - 1), before, first)
        before, number = first, number + 1
