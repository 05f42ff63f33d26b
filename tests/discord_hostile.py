"""Quotes of hostile text and origin, and what Discord must not see of them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from hypothesis import strategies as st

from sourcebot.frontends.discord.text import width
from sourcebot.types import Attribution, Cell, Excerpt, Quote, Span

HOSTILE = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            [
                "@everyone", "@here", "<@123456>", "<@&42>", "<#7>", "</ask:12>", "<t:0:R>",
                "<:skull:99>", "<a:x:1>", ":skull:", "[click](https://evil.example)", "https://evil.example/a_b",
                "**", "__", "~~", "||", "`", "```py\n", "> ", ">>> ", "# ", "-# ", "- ", "1. ", "\\", "\u202e",
                "\u200b", "\u200d", "e\u0301", "👩‍🚀", "\x00", "\n", "\r\n> ", " ", "word", "<https://x.y>", "steam://run",
            ]
        ),
        max_size=40,
    ).map("".join),
    st.text(st.sampled_from("*_`|[]<>@:\\ a🦊"), min_size=1, max_size=20).map(lambda t: t * 250),
)  # fmt: skip

UNESCAPED = r"(?<!\\)(?:\\\\)*"


def source(**changes: object) -> Attribution:
    """Return an attribution."""
    values: dict[str, object] = {
        "title": "A title", "publisher": "The Gazette", "author": "Ada",
        "published": dt.date(2022, 3, 4), "url": "https://quay.example/a", "path": "a.md",
        "sha256": "0" * 64, "encoding": "utf-8", "language": "", "paragraph": 2, "locator": None,
    }  # fmt: skip
    return Attribution(**{**values, **changes})  # type: ignore[arg-type]


def quoted(text: str, start: int = 0, end: int = 0, **changes: object) -> Quote:
    """Return a quote at offset 100, the words from ``start`` to ``end`` answering."""
    span = Span(100, 100 + len(text))
    words = Span(100 + start, 100 + max(start, end))
    return Quote(text, span, source(**changes), 0.7, words, 1, text, span)


def pools() -> st.SearchStrategy[st.SearchStrategy[str]]:
    """Strategies that draw from a few hostile texts: what is large is made faster of them."""
    return st.lists(HOSTILE.filter(bool), min_size=1, max_size=6).map(st.sampled_from)


@st.composite
def quotes(draw: st.DrawFn, texts: st.SearchStrategy[str] = HOSTILE) -> Quote:
    """Quotes of hostile text and origin."""
    text = draw(texts.filter(bool))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    text_of = texts.map(lambda t: t[:400])
    excerpts = text_of.map(lambda t: Excerpt(t, Span(0, len(t))))
    quote = quoted(
        text, start, end, title=draw(text_of), publisher=draw(text_of), author=draw(text_of),
        url=draw(st.one_of(texts, texts.map(lambda t: "https://e.example/" + t))),
        path=draw(text_of),
    )  # fmt: skip
    cells = st.lists(st.builds(Cell, excerpts, st.none() | excerpts), max_size=4).map(tuple)
    headings = st.lists(excerpts, max_size=3).map(tuple)
    return replace(
        quote,
        headings=draw(headings),
        opening=draw(st.none() | excerpts),
        cells=draw(cells),
    )


def several_quotes(least: int = 0, most: int = 10) -> st.SearchStrategy[list[Quote]]:
    """Lists of quotes of a few hostile texts."""
    return pools().flatmap(lambda texts: st.lists(quotes(texts), min_size=least, max_size=most))


def visible(escaped: str) -> str:
    """Return escaped text as Discord shows it."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escaped)


def assert_harmless(escaped: str) -> None:
    """Check that nothing in escaped text has an effect on Discord."""
    for pattern in (
        r"<(?:@|#|/|t:|a?:)", r"@(?:everyone|here)", r"\[[^\]]*\]\(", r"\w+://\S", r":[\w+~-]+:",
        r"[*_`|~]", r"<",
    ):  # fmt: skip
        found = re.search(UNESCAPED + pattern, escaped)
        assert not found, found
    assert not re.match(r"[#>+-]|\d{1,3}[.)]", escaped)
    assert "\n" not in escaped
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08]", escaped)


def assert_within_limits(embed: object) -> None:
    """Check an embed against Discord's limits, in UTF-16 units."""
    data = embed.to_dict()  # type: ignore[attr-defined]
    total = 0
    for name, limit in (("title", 256), ("description", 4096)):
        total += width(data.get(name, ""))
        assert width(data.get(name, "")) <= limit
    assert len(data.get("fields", [])) <= 25
    for field in data.get("fields", []):
        assert 1 <= width(field["name"]) <= 256
        assert 1 <= width(field["value"]) <= 1024
        total += width(field["name"]) + width(field["value"])
    footer = data.get("footer", {}).get("text", "")
    assert width(footer) <= 2048
    assert total + width(footer) <= 6000
