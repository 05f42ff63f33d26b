"""Feeds and sitemaps as sites write them, well and badly."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.errors import FetchError
from sourcebot.fetching.feeds import MOST_PAGES, FeedEntry, entries, is_feed, is_sitemap, unpacked

HOME = "https://news.example/feeds/all.xml"
RSS = b"""<?xml version="1.0"?>
<!-- made by hand -->
<rss version="2.0"><channel><title>The Quay Gazette</title><link>https://news.example/</link>
<item><title>Bridge &amp; <![CDATA[<b>ferry</b>]]></title><link>/bridge.html#top</link>
<pubDate>Tue, 20 Jul 2021 23:30:00 -0500</pubDate></item>
<item><guid isPermaLink="true">https://other.example/two</guid></item>
<item><title>The same again</title><link>https://news.example/bridge.html</link></item>
<item><title>No page</title><guid isPermaLink="false">17</guid></item>
<item><title>No page either</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example/2024/">
<title>A blog</title><entry><title type="html">A &lt;i&gt;walk&lt;/i&gt;</title>
<link rel="enclosure" href="walk.mp3"/><link rel="alternate" href="walk"/><updated>2024-05-01T08:00:00Z</updated>
</entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<item rdf:about="https://old.example/1"><title>Old</title><link>https://old.example/1</link></item></rdf:RDF>"""
EMPTY = b'<rss version="2.0"><channel><title>Nothing yet</title></channel></rss>'


def test_rss_entries_are_pages_with_titles_and_days() -> None:
    """Relative links are completed, copies dropped, entries without a page come last and bare."""
    assert entries(RSS, HOME) == (
        FeedEntry("https://news.example/bridge.html", "Bridge & ferry", dt.date(2021, 7, 20)),
        FeedEntry("https://other.example/two", "", None),
        FeedEntry("", "No page", None),
        FeedEntry("", "No page either", None),
    )


def test_atom_and_old_rss() -> None:
    """The base that a feed states counts, and the page rather than its enclosure."""
    walk = FeedEntry("https://blog.example/2024/walk", "A walk", dt.date(2024, 5, 1))
    assert entries(ATOM, HOME) == (walk,)
    assert entries(RDF, HOME) == (FeedEntry("https://old.example/1", "Old", None),)


def test_other_encodings() -> None:
    """UTF-16 with its mark, and what the XML declaration names."""
    text = RSS.decode().replace("Bridge", "Brücke")
    for name in ("utf-16", "iso-8859-1"):
        data = text.replace('version="1.0"', f'version="1.0" encoding="{name}"').encode(name)
        assert entries(data, HOME)[0].title.startswith("Brücke")
        assert is_feed("text/xml", data)


def test_an_empty_feed_is_no_error() -> None:
    """A feed may have nothing to tell."""
    assert entries(EMPTY, HOME) == ()


def test_a_feed_cut_short_gives_what_it_holds() -> None:
    """Entries before the break are used."""
    found = [e.url for e in entries(RSS[:330], HOME) if e.url]
    assert found == ["https://news.example/bridge.html"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither"),
        (b"<html><body><p>Hello</p></body></html>", "neither"),
        (b"just words", "broken"),
        (b"\x00\xff\xfe" * 50, "broken"),
        (b'<rss version="2.0"><channel><item><title>x</title></item></channel></rss>', "no entry"),
    ],
)
def test_what_is_no_feed_gives_a_clear_error(data: bytes, reason: str) -> None:
    """The error names the address and the reason on one line."""
    with pytest.raises(FetchError) as caught:
        entries(data, HOME)
    assert caught.value.url == HOME
    assert reason in caught.value.message
    assert "\n" not in caught.value.message


def test_entities_do_not_swell() -> None:
    """A feed that defines a gigabyte in a few lines is not expanded."""
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{levels}]><rss version="2.0"><channel><item><title>&a9;</title><link>https://x.example/</link></item></channel></rss>'
    found = entries(bomb.encode(), HOME)
    assert all(len(entry.title) < 1_000_000 for entry in found)


def test_feeds_cannot_read_files() -> None:
    """An external entity stays unread."""
    data = b'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>x&f;</title><link>https://x.example/</link></item></channel></rss>'
    assert "root:" not in entries(data, HOME)[0].title


@pytest.mark.parametrize("data", [RSS, ATOM, RDF, EMPTY, b"\xef\xbb\xbf" + RSS, b"\n " + ATOM])
def test_feeds_are_known_by_their_first_element(data: bytes) -> None:
    """Whatever XML type, or none, the site names."""
    for kind in ("application/xml", "text/xml", "", "text/plain", "application/rss+xml"):
        assert is_feed(kind, data)


def test_pages_are_not_feeds() -> None:
    """Neither HTML nor other XML."""
    assert not is_feed("text/html", b"<html><p>rss</p></html>")
    assert not is_feed("application/xml", b'<?xml version="1.0"?><html xmlns="x"><rss/></html>')
    assert not is_feed("application/pdf", RSS)
    assert not is_feed("", b"")


@given(
    st.binary(max_size=400)
    | st.builds(lambda a, b: RSS[:a] + b + RSS[a:], st.integers(0, 500), st.binary(max_size=9))
)
def test_any_bytes_are_a_feed_or_an_error(data: bytes) -> None:
    """Nothing else is raised."""
    try:
        found = entries(data, HOME)
    except FetchError:
        return
    assert all(entry.url.startswith(("http://", "https://")) or not entry.url for entry in found)


JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [
{"id": "7", "url": "/seven", "title": "Seven", "date_published": "2024-05-01T08:00:00Z"},
{"id": "8", "content_html": "<p>Eight has no page.</p>", "title": "Eight"},
{"id": "9", "content_text": "Nine & ten\\nhave none either."}, {"id": "empty"}, 7]}"""
CONTENT = b"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>K</title>
<item><title>A note</title><guid isPermaLink="false">n1</guid><description>Short.</description>
<content:encoded><![CDATA[<p>The whole note.</p>]]></content:encoded></item></channel></rss>"""
SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://news.example/old</loc><lastmod>2023-01-01</lastmod></url>
<url><loc> https://news.example/new </loc><lastmod>2024-01-01</lastmod></url>
<url><loc>mailto:a@b.example</loc></url></urlset>"""


def test_json_feed() -> None:
    """Entries with a page name it, the others bring their text and a name that stays the same."""
    for content_type in ("application/feed+json", "application/json", "text/plain"):
        assert is_feed(content_type, JSON)
    assert not is_feed("application/json", b'{"items": []}')
    seven, eight, nine, bare = entries(JSON, HOME)
    assert bare == FeedEntry("", "", None)
    assert seven == FeedEntry("https://news.example/seven", "Seven", dt.date(2024, 5, 1))
    assert (eight.title, eight.content) == ("Eight", "<p>Eight has no page.</p>")
    assert nine.content == "<p>Nine &amp; ten</p><p>have none either.</p>"
    assert eight.url.startswith(f"{HOME}#")
    assert entries(JSON, HOME)[1].url == eight.url != nine.url
    with pytest.raises(FetchError, match="broken"):
        entries(b'{"version": "https://jsonfeed.org/version/1"', HOME)


def test_an_entry_without_a_page_brings_its_text() -> None:
    """The full text in the feed is taken, never the teaser."""
    (note,) = entries(CONTENT, HOME)
    assert (note.title, note.content) == ("A note", "<p>The whole note.</p>")
    assert note.url.startswith(f"{HOME}#")


def test_sitemaps() -> None:
    """Pages and further sitemaps, those changed last first; a day of change is none of publication."""
    assert is_feed("application/xml", SITEMAP)
    assert entries(SITEMAP, HOME) == (
        FeedEntry("https://news.example/new", "", None),
        FeedEntry("https://news.example/old", "", None),
    )
    index = SITEMAP.replace(b"urlset", b"sitemapindex").replace(b"url>", b"sitemap>")
    assert is_feed("text/xml", index)
    assert len(entries(index, HOME)) == 2
    many = b"".join(
        b"<url><loc>https://a.example/%d</loc></url>" % n for n in range(MOST_PAGES + 5)
    )
    assert len(entries(b"<urlset>" + many + b"</urlset>", HOME)) == MOST_PAGES + 5
    assert is_sitemap(b"<urlset>" + many + b"</urlset>")
    with pytest.raises(FetchError, match="names no page"):
        entries(b"<urlset></urlset>", HOME)


def test_a_compressed_sitemap_is_unpacked_and_nothing_else() -> None:
    """Sites keep sitemap.xml.gz; other files that are compressed hold no article."""
    sitemap = b"<urlset><url><loc>https://a.example/1</loc></url></urlset>"
    kind, data = unpacked("application/x-gzip", gzip.compress(sitemap))
    assert is_feed(kind, data)
    assert [entry.url for entry in entries(data, HOME)] == ["https://a.example/1"]
    assert unpacked("text/html", b"<p>") == ("text/html", b"<p>")
    for packed in (gzip.compress(b"text"), gzip.compress(sitemap)[:-9], b"no gzip"):
        with pytest.raises(ValueError, match="application/gzip"):
            unpacked("application/gzip", packed)
