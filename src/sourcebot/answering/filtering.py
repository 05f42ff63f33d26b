"""Filters that cannot be used, and what to say of them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from sourcebot.errors import QuestionError
from sourcebot.types import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import IndexedArticle


def check_bounds(filters: Filters) -> None:
    """Check that the days of filters are in order.

    Raises:
        QuestionError: when they are not.
    """
    if filters.since and filters.until and filters.since > filters.until:
        raise QuestionError(
            f"since {filters.since} lies after until {filters.until}", "exchange the two"
        )


def nothing_left(filters: Filters, indexed: Sequence[IndexedArticle]) -> QuestionError:
    """Say which filter leaves no article of those indexed, and what there is within the scope."""
    articles = [a for a in indexed if filters.scope.allows(a.source)]
    if not articles:
        return QuestionError(
            "no article is left by the scope that is set here", "a moderator can widen it"
        )
    for name, wanted, known in (
        ("publisher", filters.publisher, {a.source.publisher for a in articles}),
        ("source", filters.source, {a.source.path for a in articles}),
    ):
        only = {"publisher": wanted} if name == "publisher" else {"source": wanted}
        alone = Filters(**only, scope=filters.scope)  # type: ignore[arg-type]  # strings
        if wanted and not any(alone.allow(a.source) for a in articles):
            close = difflib.get_close_matches(wanted, known - {""}, n=3, cutoff=0.4)
            hint = f"did you mean {', '.join(close)}?" if close else "`sourcebot sources` lists all"
            return QuestionError(f"no article has a {name} like {wanted!r}", hint)
    dated = [a.source.published for a in articles if a.source.published]
    span = (
        f"dated articles run from {min(dated)} to {max(dated)}" if dated else "no article is dated"
    )
    return QuestionError("no article is left by the filters together", span)
