"""Text -> index terms: lower-cased, folded to ASCII, without stop words, stemmed.

The lexical index and the reader must cut text in the same way, so both come here.
"""

from __future__ import annotations

from functools import cache

import tantivy

ANALYZER = "sourcebot_en"
"""The name under which the analyzer is registered with the lexical index."""

_LONGEST_TERM = 60
_FUNCTION_WORDS = (
    "what which who whom whose when where why how do does did done has have had can could would"
    " should from its his her he she we you i me my your our us them were been being about than so"
    " s t re ve ll d"
)
"""Words of questions that say nothing of their subject, besides tantivy's stop words."""


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Return the analyzer for English (Snowball stemmer and stop words)."""
    filters = tantivy.Filter
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(filters.remove_long(_LONGEST_TERM))
        .filter(filters.lowercase())
        .filter(filters.ascii_fold())
        .filter(filters.stopword("english"))
        .filter(filters.custom_stopword(_FUNCTION_WORDS.split()))
        .filter(filters.stemmer("English"))
        .build()
    )


def terms_of(text: str) -> list[str]:
    """Return the terms of ``text`` in order, repetitions kept."""
    return analyzer().analyze(text)
