"""The articles of a generation: what a filter allows, with the paragraphs of each article."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from sourcebot.articles.files import SourceFile, parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.index.embedded.store import ArticleStore
from sourcebot.index.store_writer import StoreWriter
from sourcebot.types import Filters, Scope

PUBLISHERS = ("", "Coast Gazette", "Inland Post")
DAY = dt.date(2024, 5, 1)

articles = st.tuples(st.sampled_from(PUBLISHERS), st.integers(0, 3), st.integers(1, 5))
filters = st.builds(
    Filters,
    source=st.sampled_from(["", "1", "*.md", "nothing"]),
    publisher=st.sampled_from(["", "post", "COAST"]),
    since=st.sampled_from([None, DAY]),
    scope=st.sampled_from([Scope(), Scope(publishers=("gazette", "post"))]),
)


def write(path: Path, numbered: dict[int, tuple[str, int, int]]) -> None:
    """Add articles, each of a publisher, a number of days after DAY (0: undated) and a length."""
    with StoreWriter(path) as writer:
        for number, (publisher, days, paragraphs) in numbered.items():
            date = f"date: {DAY + dt.timedelta(days - 2)}\n" if days else ""
            header = f"---\ntitle: T\npublisher: {publisher}\n{date}---\n\n"
            body = "\n\n".join(f"Sentence {n} of article {number}." for n in range(paragraphs))
            article, notes = parse_article(f"{number}.md", (header + body).encode())
            passages = segment(article)
            keys = [b"k" * 16] * len(passages)
            file = SourceFile(article.path, article.path, 1, 1)
            writer.add(file, article, notes, passages, keys)
        writer.commit()


@settings(max_examples=60, deadline=None)
@given(
    first=st.lists(articles, max_size=6),
    removed=st.sets(st.integers(0, 5)),
    then=st.lists(articles, max_size=3),
    wanted=filters,
)
def test_a_filter_gives_the_paragraphs_of_the_articles_that_it_allows(
    first: list[tuple[str, int, int]],
    removed: set[int],
    then: list[tuple[str, int, int]],
    wanted: Filters,
) -> None:
    """As looking at each article says, also where articles have left and others have come."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "articles.sqlite")
        write(path, dict(enumerate(first)))
        with StoreWriter(path) as writer:
            writer.remove([f"{number}.md" for number in sorted(removed)])
            writer.commit()
        write(path, dict(enumerate(then, start=100)))
        store = ArticleStore(path)
        allowed = {a.row for a in store.articles() if wanted.allow(a.source)}
        paragraphs = {p.id for row in allowed for p in store.paragraphs_of(row)}
        rows, ids = store.matching(wanted)
        assert rows.tolist() == sorted(allowed)
        assert ids.tolist() == sorted(paragraphs)
        store.close()
