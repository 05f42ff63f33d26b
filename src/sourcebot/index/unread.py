"""Whether much of what is indexed is in languages that the models in use do not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.render.wording import language_name
from sourcebot.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcebot.config.settings import Config

_SHARE = 0.1
"""From this share of the paragraphs on it is worth saying."""

_NAMED = 4


def unread(config: Config, languages: Mapping[str, int]) -> tuple[str, str] | None:
    """Return what is not read and what to do about it, or None where nearly all is read.

    ``languages`` says how many paragraphs are in each, by ISO 639 code. Of models that are named
    in the settings it is not known which languages they read.
    """
    if not config.english_only:
        return None
    others = {code: count for code, count in languages.items() if code not in {"", ENGLISH}}
    total = sum(languages.values())
    if not total or sum(others.values()) < _SHARE * total:
        return None
    ordered = sorted(others, key=lambda code: (-others[code], code))
    names = ", ".join(language_name(code) for code in ordered[:_NAMED])
    more = ", …" if len(ordered) > _NAMED else ""
    share = round(100 * sum(others.values()) / total)
    return (
        f"{share} % of the paragraphs are in languages that the models in use do not read, and are"
        f" searched by words: {names}{more}",
        "run `pip install 'sourcebot[languages]'`, put models = \"multilingual\" under [language]"
        " in config.toml, and run `sourcebot index`",
    )
