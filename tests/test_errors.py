"""The error tree."""

from __future__ import annotations

import pytest

from sourcebot import errors

TREE = {
    "SourcebotError": "Exception",
    "ConfigError": "SourcebotError",
    "ArticleError": "SourcebotError",
    "UnreadableError": "ArticleError",
    "SourcesLost": "SourcebotError",
    "ExtractionError": "SourcebotError",
    "LedgerError": "SourcebotError",
    "ModelError": "SourcebotError",
    "QuestionError": "SourcebotError",
    "EvaluationError": "SourcebotError",
    "FetchError": "SourcebotError",
    "DiscordError": "SourcebotError",
    "DiscordRefused": "DiscordError",
    "WebError": "SourcebotError",
    "NotFound": "SourcebotError",
    "ServiceBusy": "SourcebotError",
    "VerificationError": "SourcebotError",
    "WaitingError": "SourcebotError",
    "IndexStoreError": "SourcebotError",
    "IndexNotBuilt": "IndexStoreError",
    "IndexStale": "IndexStoreError",
    "IndexCorrupt": "IndexStoreError",
    "IndexLocked": "IndexStoreError",
    "CacheDamaged": "IndexStoreError",
    "IndexUnreachable": "IndexStoreError",
}


def test_tree_is_whole() -> None:
    """The module holds exactly the errors of the tree, each under its parent."""
    found = {
        name: value.__bases__[0].__name__
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert found == TREE


@pytest.mark.parametrize("name", TREE)
def test_drawn_in_the_docstring(name: str) -> None:
    """Every error stands in the tree drawn at the top of the module."""
    assert name in (errors.__doc__ or "")


@pytest.mark.parametrize(
    "name", sorted(TREE.keys() - {"ArticleError", "FetchError", "SourcesLost", "UnreadableError"})
)
def test_message_and_hint_are_kept_apart(name: str) -> None:
    """A front end can show what went wrong and what to do on lines of their own."""
    error = getattr(errors, name)("it broke", "mend it")
    assert (error.message, error.hint, str(error)) == ("it broke", "mend it", "it broke (mend it)")
    assert str(getattr(errors, name)("it broke")) == "it broke"


def test_article_error_names_its_file() -> None:
    """An article's error carries the path beside the reason."""
    error = errors.ArticleError("a/b.md", "it is empty")
    assert (error.path, error.message) == ("a/b.md", "it is empty")
