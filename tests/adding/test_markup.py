"""Markdown is shown as it would be read, and nothing but its marks is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.render.markup import is_markdown, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Some *stressed* and **strong** words.", "Some stressed and strong words."),
        ("Both ***at once*** and **one _in_ another**.", "Both at once and one in another."),
        ("An _older_ way, but snake_case_name stays.", "An older way, but snake_case_name stays."),
        ('A [link](https://a.example/x_(y)) and [another](b "title").', "A link and another."),
        ("A **[bold link](u)** here.", "A bold link here."),
        ("A picture ![of a cat](cat.jpg) is gone.", "A picture  is gone."),
        ("One line<br>another<br/>third", "One line another third"),
        ("Water is H<sub>2</sub>O.", "Water is H2O."),
        ("Run `a * b * c` now.", "Run a * b * c now."),
        (r"Not \*stressed\*, 3 \< 4, a\b.", r"Not *stressed*, 3 < 4, a\b."),
        ("5 * 3 * 2 is 30, and 2*3*4 is 24.", "5 * 3 * 2 is 30, and 2*3*4 is 24."),
        ("**How did you come to the trade?", "How did you come to the trade?"),
        ("The end of bold.**", "The end of bold."),
        ("~~Struck~~ out, about ~5 and ~6.", "Struck out, about ~5 and ~6."),
        ("A [note] and (an aside) stay.", "A [note] and (an aside) stay."),
        ("He wrote a < b and b > c.", "He wrote a < b and b > c."),
        ("See [[Bridge|the bridge]] and [[Ferry]].", "See the bridge and Ferry."),
        ("A ==marked== word, 2 == 2, a==b.", "A marked word, 2 == 2, a==b."),
        ("Shut%% ask Ada %% until May.", "Shut until May."),
        ("![[plan.png]]The plan.", "The plan."),
        ("[!note] A callout.", "A callout."),
        ("A paragraph with a name. ^quay-1", "A paragraph with a name."),
        ("`[[as code]]` stays.", "[[as code]] stays."),
    ],
)
def test_shown_as_read(text: str, shown: str) -> None:
    """Emphasis, links, pictures, breaks, code and escapes show their words."""
    assert visible(text) == (shown, ())


def test_offsets_follow() -> None:
    """The words that answer are found again in what is shown."""
    text = r"The **old** bridge \(of [Lowmere](u)\) *closed* in <br>March."
    for words in ("old", "bridge", "Lowmere", "closed", "March"):
        start = text.index(words)
        shown, (first, last) = visible(text, start, start + len(words))
        assert shown[first:last].strip() == words


@given(
    st.text(st.sampled_from(list("ab *_`~[]()!\\<br>/\n")), max_size=40),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_only_marks_are_left_out(text: str, one: int, other: int) -> None:
    """Letters outside of addresses and tags stay, in order; offsets stay in range and in order."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    shown, (first, last) = visible(text, start, end)
    assert 0 <= first <= last <= len(shown)
    letters = iter(text)
    assert all(character in letters for character in re.sub(r"\s", "", shown))
    assert visible("plain words") == ("plain words", ())


def test_only_markdown_has_markup() -> None:
    """In plain text an asterisk is an asterisk."""
    assert is_markdown("a/b.MD")
    assert not is_markdown("a.md.txt")
