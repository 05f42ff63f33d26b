"""Text -> index terms: lower-cased, folded to ASCII, without stop words, stemmed.

English, and languages without a stemmer, give bare terms. Terms of another language carry its
code in front, so that each language has its own; whoever searches gives a question the terms of
every language that is indexed. Scripts without spaces between words give pairs of characters.

The lexical index and the reader must cut text in the same way, so both come here.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING

import tantivy

from sourcebot.text.folding import folded
from sourcebot.text.forms import in_one_form
from sourcebot.text.languages import STEMMERS, STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

ANALYZER = "sourcebot_terms"
"""The name under which ``cut_terms`` is registered with the lexical index."""

TERMS_VERSION = 3
"""Raised whenever the same text would give other terms: it makes an index stale."""

MOST_SEARCHED = 64
"""So many terms of a question are searched; more only repeat what it is about."""

TITLE_BOOST = 0.5
"""How much a term in the title or a heading counts, against one in the text."""

FEW_PARAGRAPHS = 100
_LONGEST_TERM = 60
_FUNCTION_WORDS = (
    "what which who whom whose when where why how do does did done has have had can could would"
    " should from its his her he she we you i me my your our us them were been being about than so"
    " s t re ve ll d"
)
"""Words of questions that say nothing of their subject, besides tantivy's stop words."""


_UNSPACED = re.compile(
    "[\\u3041-\\u30ff\\u31f0-\\u31ff\\u3400-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\uac00-\\ud7af"
    "\\u0e01-\\u0e4e\\u0e80-\\u0ecd\\u1000-\\u109f\\u1780-\\u17d3\\U00020000-\\U0003134f]+"
)
"""Runs of Han, Kana, Hangul, Thai, Lao, Burmese and Khmer."""

_TONES = re.compile("[\\u0e47-\\u0e4e\\u0ec8-\\u0ecd]")


def stemmed(language: str) -> str:
    """Return the code that stands before the terms of a language; "" for bare terms."""
    return language if language in STEMMERS else ""


def cut_terms() -> tantivy.TextAnalyzer:
    """Return the analyzer that takes terms apart which ``terms_of`` has made."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


@cache
def _analyzer(language: str) -> tantivy.TextAnalyzer:
    """Return the analyzer of a language: Snowball stemmer and stop words."""
    filters = tantivy.Filter
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(filters.remove_long(_LONGEST_TERM))
        .filter(filters.lowercase())
    )
    if not language:
        return (
            builder.filter(filters.ascii_fold())
            .filter(filters.stopword("english"))
            .filter(filters.custom_stopword(_FUNCTION_WORDS.split()))
            .filter(filters.stemmer("English"))
            .build()
        )
    name = STEMMERS[language]
    if name in STOPWORDS:
        builder = builder.filter(filters.stopword(name))
    # Stemmers know their letters with accents, so these are folded afterwards.
    return builder.filter(filters.stemmer(name)).filter(filters.ascii_fold()).build()


def terms_of(text: str, language: str = "") -> list[str]:
    """Return the terms of ``text``, repetitions kept; ``language`` is its code.

    Soft hyphens and other invisible characters do not part words, and letters are the same
    however they are composed. Dates, numbers and sums give the same terms in whatever form they
    are written.
    """
    code = stemmed(language)
    text = in_one_form(folded(text), code)
    if _UNSPACED.search(text):
        text = _UNSPACED.sub(_pairs, text)
    try:
        terms: list[str] = _analyzer(code).analyze(text)
    except UnicodeEncodeError:  # half of a surrogate pair, which tantivy does not take
        terms = _analyzer(code).analyze(text.encode("utf-8", "replace").decode("utf-8"))
    return [f"{code}:{term}" for term in terms] if code else terms


def _pairs(run: re.Match[str]) -> str:
    letters = _TONES.sub("", run[0])
    pairs = (letters[i : i + 2] for i in range(max(1, len(letters) - 1)))
    return f" {' '.join(pairs)} "


def term_weight(count: int, frequency: int) -> float:
    """Return how much it tells that a term stands in ``frequency`` of ``count`` paragraphs.

    The inverse document frequency of BM25 (Robertson and Zaragoza, 2009), reckoned as if there
    were at least ``FEW_PARAGRAPHS``: a word is not common for standing in two of three.
    """
    frequency = min(frequency, count)
    return math.log1p((max(count, FEW_PARAGRAPHS) - frequency + 0.5) / (frequency + 0.5))


def weights_in(weights: Mapping[str, float], language: str) -> dict[str, float]:
    """Return the weights of those terms that texts in ``language`` can hold."""
    code = stemmed(language)
    return {term: w for term, w in weights.items() if term.rpartition(":")[0] == code}
