"""Text and Markdown files -> drafts."""

from __future__ import annotations

from sourcebot.adding.blocks import Block, Kind, tidied, to_markdown
from sourcebot.adding.formats import SAVE_AS_UTF8
from sourcebot.adding.model import Draft
from sourcebot.articles.decoding import decoded
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import text_blocks
from sourcebot.errors import ArticleError, ExtractionError


def read_text(data: bytes, title: str, *, markdown: bool) -> Draft:
    """Return a text as an article; Markdown stays as it is below its front matter.

    ``title`` is that of a text that has none.

    Raises:
        ExtractionError: when it is not text, or its front matter cannot be used.
    """
    name = "text.md" if markdown else "text.txt"
    try:
        found = decoded(data)
        article, notes = parse_article(name, found.text.encode("utf-8"))
    except ValueError as error:
        raise ExtractionError(str(error), SAVE_AS_UTF8) from error
    except ArticleError as error:
        raise ExtractionError(error.message, error.hint) from error
    if markdown:
        body = article.text[article.body.start :].replace("\r\n", "\n").replace("\r", "\n")
        body = body.strip("\n") + "\n"
    else:
        blocks = (
            Block(Kind.PARAGRAPH, block.span.of(article.text)) for block in text_blocks(article)
        )
        body = to_markdown(tidied(blocks, article.title))
    return Draft(
        title=article.title or title,
        body=body,
        suffix=".md" if markdown else ".txt",
        publisher=article.publisher,
        author=article.author,
        published=article.published,
        url=article.url,
        language=article.language,
        notes=tuple(dict.fromkeys((*found.notes, *notes))),
    )
