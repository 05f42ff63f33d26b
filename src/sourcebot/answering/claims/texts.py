"""A text, such as a draft -> the sentences in it that claim something."""

from __future__ import annotations

from sourcebot.answering.claims.quotations import quotations_in
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.text.questions import LONGEST_QUESTION
from sourcebot.text.terms import terms_of

_FEWEST_TERMS = 3


def claims_of(text: bytes, name: str) -> tuple[str, ...]:
    """Return the sentences of a text that say something, in reading order, on one line each.

    ``name`` ends in .md for Markdown. Questions and sentences of fewer than three telling words
    are left out, unless they hold a quotation.

    Raises:
        ArticleError: when the text cannot be read.
    """
    article, _ = parse_article(name, text)
    found = []
    for passage in segment(article):
        for span in passage.sentences:
            sentence = " ".join(span.of(article.text).split())[:LONGEST_QUESTION]
            says = not sentence.endswith("?") and len(terms_of(sentence)) >= _FEWEST_TERMS
            if says or quotations_in(sentence):
                found.append(sentence)
    return tuple(found)
