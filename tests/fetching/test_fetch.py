"""Fetching from a real server on this machine: limits, manners, and which addresses are asked."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import ipaddress
import itertools
import ssl
import threading
import time
import tracemalloc
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from aiohttp import TCPConnector
from hypothesis import given
from hypothesis import strategies as st
from local_site import Names, in_turn, moved, page, serve, versioned

from sourcebot import __version__
from sourcebot.config.settings import FetchConfig
from sourcebot.errors import ConfigError, FetchError
from sourcebot.fetching.addresses import Guard, checked_url
from sourcebot.fetching.fetch import Fetched, Fetcher, NotModified, Validators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiohttp.abc import ResolveResult
    from local_site import Asked, Page

HELLO = b"<p>Hello, Lowmere.</p>"


def local(**changes: Any) -> FetchConfig:
    """The settings of a patient, quick visitor to this machine."""
    quick = FetchConfig(private_networks=("127.0.0.1/32",), delay=0.0, timeout=20.0)
    return dataclasses.replace(quick, **changes)


def got(fetcher: Fetcher, url: str, validators: Validators | None = None) -> Fetched:
    """Return what is fetched from an address, which must be a page."""
    found = fetcher.get(url, validators) if validators else fetcher.get(url)
    assert isinstance(found, Fetched)
    return found


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """A fetcher that may ask 127.0.0.1."""
    with Fetcher(local()) as fetcher:
        yield fetcher


def refusal(fetcher: Fetcher, url: str) -> FetchError:
    """Return why a page cannot be had."""
    with pytest.raises(FetchError) as caught:
        fetcher.get(url)
    return caught.value


def test_a_page_comes_with_all_that_the_site_says_of_it(fetcher: Fetcher) -> None:
    """Bytes, type, charset and version; the user agent names sourcebot."""
    page_ = page(HELLO, "Text/HTML; charset=ISO-8859-1", ETag='"v1"', Last_Modified="yesterday")
    with serve({"/a": page_}) as site:
        found = got(fetcher, site.url("/a#part"))
        assert found == Fetched(
            site.url("/a#part"),
            site.url("/a"),
            "text/html",
            "iso-8859-1",
            HELLO,
            Validators('"v1"', "yesterday"),
        )
        assert site.asked[-1].headers["User-Agent"] == f"sourcebot/{__version__}"
        assert site.paths == ["/a"]


def test_the_owner_is_told_how_to_reach_the_visitor() -> None:
    """The contact of the configuration stands in the user agent; what cannot stand there is refused."""
    with (
        serve({"/a": page(HELLO)}) as site,
        Fetcher(local(contact="mailto:me@example.org")) as fetcher,
    ):
        fetcher.get(site.url("/a"))
        assert site.asked[-1].headers["User-Agent"].endswith(" (+mailto:me@example.org)")
    with pytest.raises(ConfigError, match=r"web\.contact"):
        Fetcher(local(contact="me\r\nCookie: 1"))


def test_an_unchanged_page_is_not_sent_again(fetcher: Fetcher) -> None:
    """Both validators are sent; 304 says that the page is the same."""
    with serve({"/a": versioned(HELLO, '"v1"')}) as site:
        first = got(fetcher, site.url("/a"))
        again = fetcher.get(site.url("/a"), first.validators)
        assert again == NotModified(site.url("/a"), site.url("/a"), first.validators)
        changed = got(fetcher, site.url("/a"), Validators('"v0"', "Tue, 20 Jul 2021 10:00:00 GMT"))
        assert changed.data == HELLO
        assert site.asked[-1].headers["If-Modified-Since"] == "Tue, 20 Jul 2021 10:00:00 GMT"


def test_304_without_a_question_is_an_error(fetcher: Fetcher) -> None:
    """A site that sends nothing but "not modified" has given no page."""
    with serve({"/a": lambda asked: asked.answer(304)}) as site:
        assert "304" in refusal(fetcher, site.url("/a")).message


def test_redirects_are_followed_to_where_they_lead(fetcher: Fetcher) -> None:
    """Relative and absolute ones; the final address is told."""
    with serve({"/a": moved("b?x=1", 301), "/c": page(HELLO)}) as site:
        site.pages["/b?x=1"] = moved(site.url("/c"), 308)
        found = got(fetcher, site.url("/a"))
        assert (found.url, found.final_url, found.data) == (site.url("/a"), site.url("/c"), HELLO)


def test_redirects_end(fetcher: Fetcher) -> None:
    """Circles and endless chains are errors that name the first address."""
    chain = {f"/{n}": moved(f"/{n + 1}") for n in range(20)}
    with serve({**chain, "/x": moved("/y"), "/y": moved("/x")}) as site:
        circle, long = refusal(fetcher, site.url("/x")), refusal(fetcher, site.url("/0"))
        assert "circle" in circle.message
        assert (long.url, long.message) == (site.url("/0"), "it is redirected more than 5 times")
        assert site.paths == ["/x", "/y", *(f"/{n}" for n in range(6))]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://127.0.0.2:{port}/b", "private or special"),
        ("http://localhost.example:{port}/b", "private or special"),
        ("http://[::1]:{port}/b", "private or special"),
        ("http://[::ffff:127.0.0.2]:{port}/b", "private or special"),
        ("http://0x7f000002:{port}/b", "private or special"),
        ("http://2130706434:{port}/b", "not a web address"),
        ("http://127.2:{port}/b", "not a web address"),
        ("http://169.254.169.254/latest/meta-data/", "private or special"),
        ("http://0.0.0.0:{port}/b", "private or special"),
        ("file:///etc/passwd", "not a web address"),
        ("ftp://127.0.0.1/b", "not a web address"),
        ("http://me:secret@127.0.0.1:{port}/b", "user name or password"),
    ],
)
def test_no_redirect_leads_to_a_forbidden_place(target: str, reason: str) -> None:
    """Neither to other addresses of this machine, however written, nor to another scheme."""
    from aiohttp import ThreadedResolver

    class Both(Names):
        async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
            if host in self.left:
                return await super().resolve(host, port)
            return await ThreadedResolver().resolve(host, port)

    names = Both(localhost_example=["127.0.0.2"])
    with (
        serve({"/b": page(HELLO)}, address="0.0.0.0") as site,
        Fetcher(local(), resolver=names) as fetcher,
    ):
        site.pages["/a"] = moved(target.format(port=site.port))
        error = refusal(fetcher, site.url("/a"))
        assert reason in error.message
        assert "secret" not in f"{error} {error.url}"
        assert site.paths == ["/a"]


def test_private_addresses_are_refused_unless_allowed() -> None:
    """By default this machine is not asked at all, and the hint says how to change that."""
    with serve({"/a": page(HELLO)}) as site, Fetcher(FetchConfig()) as fetcher:
        for host in ("127.0.0.1", "localhost"):
            assert "private_networks" in refusal(fetcher, site.url("/a", host)).hint
        assert site.asked == []


def test_a_name_that_changes_its_address_gains_nothing() -> None:
    """DNS rebinding: each connection goes to an address that was checked for this connection."""
    names = Names(news_example=["127.0.0.1", "127.0.0.2"])
    bye = {"Connection": "close", "Content-Type": "text/html"}
    with (
        serve({"/a": lambda asked: asked.answer(200, bye, HELLO)}, address="0.0.0.0") as site,
        Fetcher(local(robots=False), resolver=names) as fetcher,
    ):
        client = fetcher._client._session.connector
        url = site.url("/a", "news.example")
        assert got(fetcher, url).data == HELLO
        assert site.asked[0].headers["Host"] == f"news.example:{site.port}"
        assert isinstance(client, TCPConnector)
        client.clear_dns_cache()
        assert "private or special" in refusal(fetcher, url).message
        assert (site.paths, names.looked_up) == (["/a"], ["news.example"] * 2)


@pytest.mark.parametrize("host", ["news.example", "other.example"])
def test_a_site_proves_its_name_over_tls(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate is compared with the name asked for, though the address was looked up apart."""
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(tls)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    names = Names(news_example=["127.0.0.1"], other_example=["127.0.0.1"])
    with serve({"/a": page(HELLO)}, tls=tls) as site, Fetcher(local(), resolver=names) as fetcher:
        if host == "news.example":
            assert got(fetcher, site.url("/a", host)).data == HELLO
        else:
            assert "identity" in refusal(fetcher, site.url("/a", host)).message


def test_a_name_without_a_site(fetcher: Fetcher) -> None:
    """The error names the host."""
    with Fetcher(local(), resolver=Names()) as fetcher:
        assert "nowhere.example" in refusal(fetcher, "https://nowhere.example/a").message


SPECIAL = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.1", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::", "2001:db8::1",
    "fc00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "100::1", "5f00::1", "nonsense",
]  # fmt: skip


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_not_public(address: str) -> None:
    """Private, loopback, link-local, shared, reserved, multicast; also inside IPv6."""
    assert not Guard().allows(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e", "2606:2800::1"]
)
def test_public_addresses_are_allowed(address: str) -> None:
    """Those of the web, also written as IPv6."""
    assert Guard().allows(address)


@given(st.ip_addresses(v=4))
def test_ipv6_does_not_change_what_an_ipv4_address_is(address: ipaddress.IPv4Address) -> None:
    """An address that is not asked is not asked in any of its IPv6 spellings."""
    guard = Guard()
    spellings = (f"::ffff:{address}", f"64:ff9b::{address}")
    assert {guard.allows(spelling) for spelling in spellings} == {guard.allows(str(address))}


def test_allowed_networks_are_checked() -> None:
    """A network that is none is a clear error of the configuration."""
    assert Guard(["10.0.0.0/8"]).allows("::ffff:10.1.1.1")
    with pytest.raises(ConfigError, match=r"web\.private_networks: .*10\.0\.0\.300"):
        Guard(["10.0.0.300"])


@pytest.mark.parametrize(
    "text", ["", "news", "//news.example/", "http://", "http://[::1", "http://a:99999/", "mailto:a@b.c", "javascript:1",
             "http://x/" + "y" * 5000, "data:text/html,hi"]
)  # fmt: skip
def test_what_is_no_web_address(text: str) -> None:
    """Only http and https with a host are asked for."""
    with pytest.raises(FetchError):
        checked_url(text)


@given(st.text())
def test_any_text_is_a_url_or_an_error(text: str) -> None:
    """Nothing else is raised, and what is accepted has a scheme of the web and no credentials."""
    try:
        url = checked_url("http://" + text)
    except FetchError:
        return
    assert url.scheme in {"http", "https"}
    assert url.user is None
    assert url.raw_host


def test_slow_and_endless_pages_end_in_time() -> None:
    """A site that drips, and one that says nothing, are given up after the timeout."""

    def drip(asked: Asked) -> None:
        asked.handler.send_response(200)
        asked.handler.send_header("Content-Type", "text/html")
        asked.handler.end_headers()
        while not done.wait(0.02):
            asked.handler.wfile.write(b"x")

    def silent(_: Asked) -> None:
        done.wait()

    done = threading.Event()
    pages = {"/drip": drip, "/silent": silent}
    with serve(pages) as site, Fetcher(local(timeout=0.4, retries=1)) as fetcher:
        for path in pages:
            assert refusal(fetcher, site.url(path)).message == "it is not there within 0.4 s"
        assert site.paths == ["/drip", "/drip", "/silent", "/silent"]
        done.set()


def test_large_pages_are_given_up() -> None:
    """By their announced length, and by what comes when the length is not or falsely announced."""

    def endless(asked: Asked) -> None:
        asked.handler.send_response(200)
        asked.handler.end_headers()
        for _ in itertools.count():
            asked.handler.wfile.write(bytes(100_000))

    pages = {"/announced": page(bytes(1_000_001), "text/plain"), "/endless": endless}
    with serve(pages) as site, Fetcher(local(max_megabytes=1)) as fetcher:
        for path in pages:
            error = refusal(fetcher, site.url(path))
            assert (error.message, "max_megabytes" in error.hint) == (
                "it is larger than 1 MB",
                True,
            )
        assert site.paths == list(pages)


def test_compressed_pages_are_read_within_the_limit() -> None:
    """A small gzip file that unpacks to 300 MB is given up without unpacking it whole."""
    bomb = gzip.compress(bytes(300_000_000), 9)
    pages = {
        "/bomb": page(bomb, Content_Encoding="gzip"),
        "/page": page(gzip.compress(HELLO), Content_Encoding="gzip"),
        "/false": page(HELLO, Content_Encoding="gzip"),
    }
    with serve(pages) as site, Fetcher(local(max_megabytes=2, retries=0)) as fetcher:
        assert got(fetcher, site.url("/page")).data == HELLO
        tracemalloc.start()
        assert refusal(fetcher, site.url("/bomb")).message == "it is larger than 2 MB"
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 30_000_000
        assert "broke off" in refusal(fetcher, site.url("/false")).message


def test_other_types_are_taken_when_asked_for() -> None:
    """Documents are fetched for whoever can read them, and refused for others."""
    with serve({"/a": page(b"a,b\n", "text/csv")}) as site:
        with Fetcher(local(), types=frozenset({"text/csv"})) as fetcher:
            assert got(fetcher, site.url("/a")).content_type == "text/csv"
        with Fetcher(local()) as fetcher, pytest.raises(FetchError, match="text/csv"):
            fetcher.get(site.url("/a"))


@pytest.mark.parametrize(
    "kind",
    ["image/png", "video/mp4", "application/javascript", "text/css", "application/x-msdownload"],
)
def test_what_holds_no_article_is_not_read(fetcher: Fetcher, kind: str) -> None:
    """The type is named."""
    with serve({"/a": page(b"x", kind)}) as site:
        assert refusal(fetcher, site.url("/a")).message == f"it is {kind}, which holds no article"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_refusals_are_final(fetcher: Fetcher, status: int) -> None:
    """A page that is not there is asked for once."""
    with serve({"/a": page(HELLO, status=status)}) as site:
        assert f"the site answers {status} (" in refusal(fetcher, site.url("/a")).message
        assert site.paths == ["/a"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_site_is_asked_again(fetcher: Fetcher, status: int) -> None:
    """As often as the configuration says, and not once more."""
    with serve({"/a": in_turn(page(b"", status=status), page(HELLO))}) as site:
        assert got(fetcher, site.url("/a")).data == HELLO
        site.pages["/b"] = page(b"", status=status)
        error = refusal(fetcher, site.url("/b"))
        assert f"the site answers {status} (" in error.message
        assert error.hint == "try again later"
        assert site.paths == ["/a", "/a", *["/b"] * 4]


def test_broken_connections_are_tried_again(fetcher: Fetcher) -> None:
    """A page cut short, and a connection closed without a word, are no page."""

    def hang_up(asked: Asked) -> None:
        asked.handler.close_connection = True

    cut = page(HELLO, Content_Length="500", Connection="close")
    with serve({"/a": in_turn(hang_up, page(HELLO)), "/b": hang_up}) as site:
        assert got(fetcher, site.url("/a")).data == HELLO
        assert "broke off" in refusal(fetcher, site.url("/b")).message

        def cut_short(asked: Asked) -> None:
            cut(asked)
            asked.handler.close_connection = True

        site.pages["/c"] = in_turn(cut_short, page(HELLO))
        assert got(fetcher, site.url("/c")).data == HELLO
        # aiohttp asks once more by itself when a connection closes without a word.
        assert 4 <= site.paths.count("/b") <= 8
    with Fetcher(local(retries=1)) as late:
        assert "no connection" in refusal(late, site.url("/a")).message


def test_retry_after_is_obeyed_within_reason(fetcher: Fetcher) -> None:
    """Seconds and dates are waited for; a site that wants hours is left alone at once."""
    soon = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2.5), usegmt=True)
    times: list[float] = []

    def noted(after: str) -> Page:
        def answer(asked: Asked) -> None:
            times.append(time.monotonic())
            asked.answer(503, {"Retry-After": after})

        return answer

    def arrived(asked: Asked) -> None:
        times.append(time.monotonic())
        page(HELLO)(asked)

    with serve({"/a": in_turn(noted("1"), noted(soon), noted("soon"), arrived)}) as site:
        assert got(fetcher, site.url("/a")).data == HELLO
        assert times[1] - times[0] >= 1.0
        site.pages["/b"] = page(b"", status=429, Retry_After="7200")
        assert "429" in refusal(fetcher, site.url("/b")).message
        assert site.paths == [*["/a"] * 4, "/b"]


ROBOTS = b"""
User-agent: *
Disallow: /

User-agent: Sourcebot
Crawl-delay: 0.3
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
"""


def test_robots_txt_is_obeyed() -> None:
    """The group of our name counts; longest match, wildcards; it is read once a site."""
    pages = {p: page(HELLO) for p in ("/a", "/private/x", "/private/open", "/b.pdf", "/b.pdf?x")}
    with (
        serve({"/robots.txt": page(ROBOTS, "text/plain"), **pages}) as site,
        Fetcher(local()) as fetcher,
    ):
        for path in ("/a", "/private/open", "/b.pdf?x"):
            assert got(fetcher, site.url(path)).data == HELLO
        for path in ("/private/x", "/b.pdf"):
            assert "robots.txt" in refusal(fetcher, site.url(path)).message
        assert [a.path for a in site.asked] == ["/robots.txt", "/a", "/private/open", "/b.pdf?x"]
        site.pages["/moved"] = moved("/private/x")
        assert "robots.txt" in refusal(fetcher, site.url("/moved")).message
        with Fetcher(local(robots=False)) as rude:
            assert got(rude, site.url("/private/x")).data == HELLO


def test_crawl_delay_and_pauses_are_kept_between_threads() -> None:
    """One request at a time for each site, the asked-for pause apart, however many threads ask."""
    began: list[float] = []
    ended: list[float] = []

    def slow(asked: Asked) -> None:
        began.append(time.monotonic())
        time.sleep(0.05)
        ended.append(time.monotonic())
        page(HELLO)(asked)

    with serve({"/robots.txt": page(ROBOTS), "/a": slow}) as site, Fetcher(local()) as fetcher:
        threads = [threading.Thread(target=fetcher.get, args=(site.url("/a"),)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(later - before >= 0.3 for before, later in zip(ended, began[1:], strict=False))


@pytest.mark.parametrize("status", [401, 404, 410])
def test_a_site_without_robots_txt_allows_all(fetcher: Fetcher, status: int) -> None:
    """RFC 9309: unavailable means no rule."""
    with serve({"/robots.txt": page(b"", status=status), "/a": page(HELLO)}) as site:
        assert got(fetcher, site.url("/a")).data == HELLO


def test_a_broken_robots_txt_forbids_all(fetcher: Fetcher) -> None:
    """RFC 9309: unreachable means that nothing may be read, until it can be read."""
    with serve({"/robots.txt": page(b"", status=503), "/a": page(HELLO)}) as site:
        assert (
            "its robots.txt cannot be read: the site answers 503"
            in refusal(fetcher, site.url("/a")).message
        )
        assert site.paths == []
        site.pages["/robots.txt"] = moved("/rules")
        site.pages["/rules"] = page(b"User-agent: *\nDisallow: /private", "text/plain")
        assert got(fetcher, site.url("/a")).data == HELLO


def test_cookies_are_not_kept(fetcher: Fetcher) -> None:
    """Nothing that one page sets is sent with the next."""
    with serve({"/a": page(HELLO, Set_Cookie="who=me")}) as site:
        fetcher.get(site.url("/a"))
        fetcher.get(site.url("/a"))
        assert "Cookie" not in site.asked[-1].headers


def test_headers_without_end_are_an_error(fetcher: Fetcher) -> None:
    """A site cannot fill the memory with headers."""
    with serve({"/a": page(HELLO, X_Long="x" * 100_000)}) as site:
        assert "nothing usable" in refusal(fetcher, site.url("/a")).message
