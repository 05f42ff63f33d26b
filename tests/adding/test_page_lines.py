"""What stands between a page's paragraphs and is none of its article, told by its words alone."""

from __future__ import annotations

import pytest
from lxml import html

from sourcebot.adding.blocks import Block, Kind
from sourcebot.adding.page_calls import without_calls
from sourcebot.adding.page_lines import without_lines
from sourcebot.adding.page_names import without_heading_names
from sourcebot.adding.page_paywall import without_wall

PROSE = [
    Block(
        Kind.PARAGRAPH,
        f"In chapter {n} the harbour office of Lowmere counted {n + 7} boats that had left the "
        "quay without paying, and wrote to each of their owners before the end of the month.",
    )
    for n in range(1, 5)
]


def line(words: str, kind: Kind = Kind.PARAGRAPH) -> Block:
    """Return a block of a line."""
    return Block(kind, words, 2 if kind is Kind.HEADING else 0)


@pytest.mark.parametrize(
    "words",
    [
        "The quay in the morning. (Photo: Ada Brandt)",
        "Der Hafen am Montag. Foto: Ada Brandt",
        "Photograph by Ada Brandt, Gazette",
        "The mayor, photo: Archive of the town",
        "Boats in winter© Ada/pixelio.de",
        "The old quay /public domain",
        "A boat on the river. © Getty Images",
        "Figure 3: Boats by year and owner.",
        "Abbildung 12: Boote je Jahr",
    ],
)
def test_credits_of_pictures_are_left_out_and_told(words: str) -> None:
    """Wherever they stand, a remark counts them."""
    kept, notes = without_lines([*PROSE[:2], line(words), *PROSE[2:]])
    assert kept == PROSE
    assert notes == ["1 line with the credits of pictures left out"]


@pytest.mark.parametrize(
    "words",
    [
        "Advertisement",
        "ANZEIGE - Heute mal essen gehen? Wie wäre es mit:",
        "Werbung: Boote und mehr",
    ],
)
def test_notices_of_advertisements_are_left_out_and_told(words: str) -> None:
    """They are told by how they begin."""
    kept, notes = without_lines([*PROSE[:2], line(words), *PROSE[2:]])
    assert (kept, notes) == (PROSE, ["1 notice of advertisements left out"])


@pytest.mark.parametrize(
    "words",
    [
        "Last updated 14.02.2026",
        "Aktualisiert am 17.01.2026.",
        "January 13, 2026 at 08:45 AM | categories: Boats, Quay | View Comments",
        "24. März 2026, 19:49 | Ada",
        "News date : 04/21/2026 Category : Press Releases",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_days_above_and_below_an_article_are_no_part_of_it(words: str, above: bool) -> None:
    """A line with a date and a clock's time, or with what it is the day of."""
    blocks = [line(words), *PROSE] if above else [*PROSE, line(words)]
    assert without_lines(blocks) == (PROSE, [])


@pytest.mark.parametrize(
    "words",
    ["Read also", "Das könnte Sie auch interessieren:", "Más sobre el puerto", "Lire aussi"],
)
def test_what_leads_to_other_pages_at_the_end_is_left_out_and_told(words: str) -> None:
    """Such a line goes with what is below it, unless a sentence is."""
    below = [line("The ferry sails again", Kind.ITEM), line("Mayor resigns", Kind.ITEM)]
    kept, notes = without_lines([*PROSE, line(words), *below])
    assert (kept, notes) == (PROSE, ["3 lines at the end that lead to other pages left out"])
    blocks = [*PROSE[:3], line(words, Kind.HEADING), *below, PROSE[3]]
    assert without_lines(blocks)[0] == blocks


@pytest.mark.parametrize(
    "words",
    [
        "Anzeige gegen Unbekannt erstattete die Bürgermeisterin am Montag.",
        "Die Werbung am Kai wurde im Mai verboten.",
        "The photo shows the mayor by the quay.",
        "The council met on 4 May 2026 in the town hall.",
        "Speech given on 4 May 2026 in the town hall",
        "She said: “Advertisement: boats for sale” was never printed.",
        "More about the costs was not said.",
        "The bridge carries 12,000 cars a day, 4.5 % more than in 2019.",
        "The club is for members only, the mayor said.",
        "Norway is already a member of the treaty.",
        "He wrote our letters for years.",
    ],
)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_sentences_that_look_alike_stay(words: str, place: int) -> None:
    """Nothing of an article goes because it holds a word of such a line."""
    blocks = [*PROSE[:place], line(words), *PROSE[place:]]
    tree = html.fromstring("<html><body><p>x</p></body></html>")
    assert without_lines(blocks)[0] == blocks
    assert without_calls(blocks) == blocks
    assert without_wall(tree, blocks, known=False).blocks == blocks


def test_calls_to_read_a_letter_or_to_log_in_go_wherever_they_stand() -> None:
    """A page puts them between the paragraphs; in somebody's mouth they stay."""
    calls = ["Never miss a boat by signing up to our newsletter today!"]
    calls.append("Um zu kommentieren, müssen Sie eingeloggt sein.")
    blocks = [PROSE[0], line(calls[0]), *PROSE[1:3], line(calls[1]), PROSE[3]]
    assert without_calls(blocks) == PROSE
    said = [*PROSE[:2], line(f"“{calls[0]}” it said on the poster at the quay."), *PROSE[2:]]
    assert without_calls(said) == said


@pytest.mark.parametrize(
    "words",
    [
        "Already a subscriber? Log in to continue reading.",
        "Subscribe to read the full story.",
        "You have read 5 of 5 free articles this month.",
        "Unlock this article",
        "Diesen Artikel weiterlesen mit Abo. Jetzt testen für 1 Euro.",
        "Cet article est réservé aux abonnés. Il vous reste 80 % de cet article à lire.",
        "Este contenido es exclusivo para suscriptores",
        "Contenuto riservato agli abbonati",
        "Conteúdo exclusivo para assinantes",
        "Dit artikel is alleen voor abonnees. Lees verder met een abonnement.",
    ],
)
def test_what_stands_for_the_rest_of_an_article_is_left_out_and_told(words: str) -> None:
    """The user is told that there may be more; the call itself is no text."""
    tree = html.fromstring("<html><body><p>x</p></body></html>")
    wall = without_wall(tree, [*PROSE, line(words)], known=False)
    assert wall.blocks == PROSE
    assert "for subscribers" in wall.note


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:content_tier" content="locked">',
        '<div itemscope><meta itemprop="isAccessibleForFree" content="False"></div>',
    ],
)
def test_a_page_that_says_that_it_is_locked_is_told(head: str) -> None:
    """Whatever it shows."""
    tree = html.fromstring(f"<html><head></head><body>{head}<p>x</p></body></html>")
    assert "for subscribers" in without_wall(tree, PROSE, known=False).note
    free = html.fromstring(
        f"<html><body>{head.replace('locked', 'free').replace('False', 'True')}</body></html>"
    )
    assert without_wall(free, PROSE, known=False).note == ""


def test_a_link_to_the_rest_is_told() -> None:
    """A page that ends with “Read more” is the beginning; one that lists articles has several."""
    shown = "".join(f"<p>{block.text}</p>" for block in PROSE)
    for words in ("Read more", "Weiterlesen", "Lire la suite »"):
        tree = html.fromstring(f"<div>{shown}<p>… <a href='/rest'>{words}</a></p></div>")
        assert "the page ends with a link" in without_wall(tree, PROSE, known=False).note
    several = html.fromstring(
        f"<div>{shown}<a href=/a>Read more</a> <a href=/b>Read more</a></div>"
    )
    assert without_wall(several, PROSE, known=False).note == ""
    above = html.fromstring(f"<div><a href=/a>Read more</a>{shown}</div>")
    assert without_wall(above, PROSE, known=False).note == ""


@pytest.mark.parametrize(
    "part",
    [
        '<div class="{slug} level2"><h2>{title}</h2><p>x</p></div>',
        '<h2 id="{slug}">{title}</h2>',
        '<h2><a class="anchor" href="#x">¶</a>{title}</h2><div id="{slug}-content"><p>x</p></div>',
        '<section id="sec-{slug}-1"><h3>{title}</h3></section>',
    ],
)
def test_names_that_repeat_headings_are_taken_away(part: str) -> None:
    """Where several do, it is the page's way; a single "Related articles" is furniture."""
    titles = ["Newsletter scandal", "Sidebar bridge", "Share of the county"]
    parts = [part.format(slug=t.lower().replace(" ", "-"), title=t) for t in titles]
    tree = html.fromstring(f"<div>{''.join(parts)}</div>")
    without_heading_names(tree)
    named = " ".join(e.get(kind, "") for e in tree.iter() for kind in ("class", "id"))
    assert not any(word in named for word in ("newsletter", "sidebar", "share"))
    assert "¶" not in tree.text_content()
    one = html.fromstring(
        '<div><div class="related-articles"><h2>Related articles</h2></div></div>'
    )
    without_heading_names(one)
    assert one[0].get("class") == "related-articles"
