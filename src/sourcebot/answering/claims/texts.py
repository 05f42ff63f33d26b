"""A text, such as a draft -> the sentences in it that claim something."""

from __future__ import annotations

import re

from sourcebot.answering.claims.quotations import quotations_in
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.text.questions import LONGEST_QUESTION
from sourcebot.text.terms import terms_of

_FEWEST_TERMS = 3
_QUOTE_SIGNS = re.compile(r"\n[ \t]*(?:>[ \t]?)+")
"""What a line of a block quotation begins with."""

_ATTRIBUTION = re.compile(r"\s*(?:[—–]|--)")


def claims_of(text: bytes, name: str) -> tuple[str, ...]:
    """Return the sentences of a text that say something, in reading order, on one line each.

    ``name`` ends in .md for Markdown. Questions and sentences of fewer than three telling words
    are left out, unless they hold a quotation. The sentences of a block quotation are set in
    quotation marks, as they are somebody's words.

    Raises:
        ArticleError: when the text cannot be read.
    """
    article, _ = parse_article(name, text)
    found = []
    for passage in segment(article):
        for span in passage.sentences:
            words = _QUOTE_SIGNS.sub("\n", span.of(article.text))
            sentence = " ".join(words.split())[:LONGEST_QUESTION]
            says = not sentence.endswith("?") and len(terms_of(sentence)) >= _FEWEST_TERMS
            if says and _in_block_quotation(article.text, span.start) and _bare(sentence):
                sentence = f"“{sentence[: LONGEST_QUESTION - 2]}”"
            if says or quotations_in(sentence):
                found.append(sentence)
    return tuple(found)


def _in_block_quotation(text: str, start: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return text[line:start].lstrip().startswith(">")


def _bare(sentence: str) -> bool:
    """Return whether a sentence has no quotation marks of its own and names no speaker."""
    return not any(mark in sentence for mark in '“”„«»"') and not _ATTRIBUTION.match(sentence)
