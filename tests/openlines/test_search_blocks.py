"""Every message is in the blocks of a search, once, the newest first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openlines.search_blocks import block_lexemes, blocks_down

pytestmark = pytest.mark.row("D14")


@given(st.integers(1, 10**8), st.integers(0, 10**8), st.data())
def test_a_message_is_in_exactly_one_block_of_a_search(before, least, data):
    blocks = list(blocks_down(before, least))
    message_id = data.draw(st.integers(1, 10**8))

    holding = [b for b in blocks if b.lexeme in block_lexemes(message_id) and b.first <= message_id < b.before]

    assert len(holding) == 1 if max(least, 1) <= message_id < before else len(holding) <= 1
    assert [block.before for block in blocks] == sorted((block.before for block in blocks), reverse=True)


def test_few_blocks_reach_back_to_the_beginning():
    assert len(list(blocks_down(5_000_000, 0))) < 25
    assert len(list(blocks_down(100_000_000, 0))) < 130
