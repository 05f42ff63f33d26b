"""How long texts are, with spaces between words and without."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcebot.text.lengths import LETTERS_A_WORD, is_unspaced, words_in

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1)


@given(st.text(st.characters(codec="latin-1")))
def test_words_with_spaces_are_counted_by_them(text: str) -> None:
    """In scripts with spaces nothing changes."""
    assert words_in(text) == len(text.split())
    assert not is_unspaced(text)


@given(HAN, HAN)
def test_letters_without_spaces_count_by_pairs_wherever_they_stand(one: str, other: str) -> None:
    """Dividing a run, by a space or by another script, adds at most one word a part."""
    assert words_in(one) == -(-len(one) // LETTERS_A_WORD)
    assert words_in(f"{one} {other}") == words_in(one + other)
    assert words_in(f"{one} pandas {other}") == words_in(one + other) + 1
    assert is_unspaced(f"Beijing {one}")


def test_korean_has_spaces() -> None:
    """Hangul is written with spaces between words."""
    assert words_in("다리는 언제 닫혔습니까?") == 3
    assert not is_unspaced("다리는 언제 닫혔습니까?")
