"""Which parts of a page are its article, where the page's own names or methods mislead."""

from __future__ import annotations

from test_pages import PROSE, SENTENCES, article, page


def test_a_paragraph_that_begins_with_a_caption_stays() -> None:
    """The caption of a picture in its line is left out, and told; the paragraph is not."""
    first = (
        "<p><span class='storyimage'><img src=a.jpg><span class='caption'>The quay at night"
        f"</span></span>{SENTENCES[0]}</p>"
    )
    draft = article(first + "".join(f"<p>{s}</p>" for s in SENTENCES[1:6]))
    assert draft.body.startswith(SENTENCES[0])
    assert "The quay at night" not in draft.body
    assert draft.notes == ("1 caption of pictures left out",)


def test_names_of_states_are_no_names_of_furniture() -> None:
    """A part with "no-caption" or "has-sidebar" is neither a caption nor a sidebar."""
    draft = article(
        f"<div class='item no_caption'><h2>{SENTENCES[0]}</h2></div>"
        f"<div class='has-sidebar with-comments-area'><p>{SENTENCES[1]}</p><p>{SENTENCES[2]}</p></div>"
        + "".join(f"<p>{s}</p>" for s in SENTENCES[3:8])
    )
    assert all(sentence in draft.body for sentence in SENTENCES[:8])


def test_a_list_of_other_articles_below_one_is_left_out() -> None:
    """Each entry is headed by a link; where it is all that a page has, it stays."""
    other = [f"The ferry number {n} sails again after the storm" for n in range(5)]
    entries = "".join(
        f"<li><h3><a href='/{n}'>{title}</a></h3><p>{title}, the ferry company said on Monday, "
        "because the repairs of the quay took less time than the engineers had feared.</p></li>"
        for n, title in enumerate(other)
    )
    draft = page(
        f"<div class=main><h1>The boats of Lowmere</h1><div class=text>{PROSE}</div><ul class=stream>{entries}</ul></div>"
    )
    assert all(sentence in draft.body for sentence in SENTENCES)
    assert not any(title in draft.body for title in other)
    alone = page(f"<main><h1>News of the ferries</h1><ul>{entries}</ul></main>")
    assert all(title in alone.body for title in other)


def test_a_gallery_within_an_article_is_left_out() -> None:
    """Its pictures have texts of their own, about other things."""
    pictures = "".join(f"<li><p>{s.replace('boats', 'gulls')}</p></li>" for s in SENTENCES)
    body = f"{PROSE}<div class='full-gallery'><ul>{pictures}</ul></div><p>{SENTENCES[0]} Twice.</p>"
    draft = article(body)
    assert "gulls" not in draft.body
    assert "Twice." in draft.body


def test_short_rows_between_paragraphs_stay() -> None:
    """A table of small figures is a part of the article that no method finds."""
    rows = "".join(
        f"<tr><td><a href='/{n}'>4.2.{n}</a></td><td>{n} boats</td></tr>" for n in range(1, 9)
    )
    half = "".join(f"<p>{s}</p>" for s in SENTENCES[:5])
    rest = "".join(f"<p>{s}</p>" for s in SENTENCES[5:])
    draft = article(f"{half}<table><tr><th>Version<th>Boats</tr>{rows}</table>{rest}")
    assert "| Version | Boats |" in draft.body
    assert all(f"| 4.2.{n} | {n} boats |" in draft.body for n in range(1, 9))


def test_a_page_for_subscribers_in_part_is_told() -> None:
    """JSON-LD that says so only of a part of the article counts."""
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "isAccessibleForFree":'
        ' true, "hasPart": [{"isAccessibleForFree": "false", "cssSelector": ".x"}]}]}</script>'
    )
    assert any("for subscribers" in note for note in article(f"<p>{SENTENCES[0]}</p>", head).notes)


def test_a_letter_to_subscribe_to_is_no_paywall() -> None:
    """A page with a box for a newsletter is not one for subscribers."""
    box = "<div class='subscribe-box'><p>Sign up for our letter. Subscribe now.</p></div>"
    draft = article(PROSE + box)
    assert not any("subscribers" in note for note in draft.notes)
    assert "Subscribe now" not in draft.body


def test_a_page_with_hardly_any_text_is_told() -> None:
    """A shop shows its text otherwise, among much else; a short page of its own is what it is."""
    menu = "".join(f"<li><a href='/{n}'>Boats of chapter {n}</a></li>" for n in range(30))
    few = "<ul><li>with a name</li><li>embroidered</li></ul>"
    notes = page(f"<nav><ul>{menu}</ul></nav><main><h1>The boats of Lowmere</h1>{few}</main>").notes
    assert notes == ("only 37 letters of text found: the article may be longer",)
    assert article(few).notes == ()
