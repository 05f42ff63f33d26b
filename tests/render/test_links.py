"""Links that point to the words in a page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pytest
from conftest import ANSWERED
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.render.links import quote_link, text_fragment, web_address
from sourcebot.types import Answer

if TYPE_CHECKING:
    from sourcebot.answering.service import Service


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("The bridge was closed.", "text=The%20bridge%20was%20closed."),
        ("a-b, c & d", "text=a%2Db%2C%20c%20%26%20d"),
        ("“£2.4 million”", "text=%E2%80%9C%C2%A32.4%20million%E2%80%9D"),
        ("two\nlines", "text=two%20lines"),
        ("quoted\n> further", "text=quoted%20further"),
        ("a **bold** [link](https://e.example) and `code`", "text=a%20bold%20link%20and%20code"),
        ("5 < 6 and a_b", "text=5%20%3C%206%20and%20a_b"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_directive(text: str, fragment: str) -> None:
    """The words are percent-encoded as the specification says, as a page shows them."""
    assert text_fragment(text) == fragment


def test_long_quotes_are_named_by_their_ends() -> None:
    """A quote of more than 300 characters gives its first and last words."""
    words = [f"word{number}" for number in range(60)]
    fragment = text_fragment(" ".join(words))
    first, last = fragment.removeprefix("text=").split(",")
    assert unquote(first).split() == words[:8]
    assert unquote(last).split() == words[-8:]
    assert "," not in text_fragment("a" * 400)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("The old bridge was\x1b[31m closed in the\x07 spring of 2022.",
         "text=The%20old%20bridge,spring%20of%202022."),
        ("It \x1bwas closed in the spring\x9b.", "text=closed%20in%20the"),
        ("The old bridge\x1cwas closed in the spring.", "text=closed%20in%20the%20spring."),
        ("one\x00 two\x00 three four", "text=three%20four"),
        ("古い橋\x1bは春に閉鎖された", f"text={quote('は春に閉鎖された')}"),
        ("soft\u00adhyphen and \u200bzero", "text=softhyphen%20and%20zero"),
        ("\x00\x1b", ""),
    ],
)  # fmt: skip
def test_words_with_control_characters_are_passed_over(text: str, fragment: str) -> None:
    """A link names whole words before and behind control characters, which no page shows alike."""
    assert text_fragment(text) == fragment


@given(st.text(st.sampled_from("ab \t\n\x00\x0b\x1b\x1e\x85\u200b\ufffd"), min_size=1))
def test_what_a_link_names_stands_in_the_text(text: str) -> None:
    """Each part of a directive is a run of the text's words; only invisible characters are left out."""
    fragment = text_fragment(text)
    spaced = re.sub(r"[ \t\n]+", " ", text.replace("\u200b", ""))
    for part in fragment.removeprefix("text=").split(",") if fragment else ():
        assert unquote(part)
        assert unquote(part) in spaced
    assert bool(fragment) == bool(re.search("[ab]", text))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://e.example/a?b=c", "https://e.example/a?b=c"),
        ("https://e.example/ä", "https://e.example/%C3%A4"),
        ("https://e.example/a%20b", "https://e.example/a%20b"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://e.example/\x1b]8;;", ""),
        ("https://e.example/a b", ""),
        ("https://e.example/\u202e", ""),
        ("e.example/a", ""),
    ],
)
def test_only_safe_web_addresses(url: str, address: str) -> None:
    """Nothing but an address of the web becomes a link, and it is plain ASCII."""
    assert web_address(url) == address


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://e.example/a", "https://e.example/a#:~:text=x"),
        ("https://e.example/a#b", "https://e.example/a#b:~:text=x"),
        ("https://e.example/a#b:~:text=y", "https://e.example/a#b:~:text=x"),
        ("", ""),
    ],
)
def test_link_keeps_the_anchor(shared_service: Service, url: str, link: str) -> None:
    """An anchor stays, an older directive is replaced, and no address gives no link."""
    reply = shared_service.ask(ANSWERED)
    assert isinstance(reply, Answer)
    first = reply.quotes[0]
    source = replace(first.source, url=url)
    assert quote_link(replace(first, text="x", source=source)) == link


@given(st.text(), st.text())
def test_links_are_harmless(url: str, text: str) -> None:
    """Whatever a source says, a link is printable ASCII without white space."""
    for made in (web_address(url), web_address("https://e.example/" + url), text_fragment(text)):
        assert made.isascii()
        assert made.isprintable()
        assert " " not in made
