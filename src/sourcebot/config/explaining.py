"""What is wrong with the settings, said so that it can be mended."""

from __future__ import annotations

import difflib
from dataclasses import fields
from typing import TYPE_CHECKING

from sourcebot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError


def explain(
    error: ValidationError,
    origins: Mapping[tuple[str, str], str],
    sections: Mapping[str, type],
    file: str,
) -> ConfigError:
    """Return an error that names the first wrong key, its value and what is valid.

    ``origins`` says for a section's key which variable set it; ``file`` set the others.
    """
    first = error.errors()[0]
    if not first["loc"]:  # the whole is no JSON: half of a surrogate pair, from a variable's bytes
        names = ", ".join(sorted({origin for origin in origins.values() if origin != file}))
        return ConfigError(
            f"{names or file} cannot be read: {first['msg'].lower()}",
            "write it in valid Unicode",
        )
    section, *rest = (str(part) for part in first["loc"])
    origin = origins.get((section, rest[0]), file) if rest else file
    if first["type"] == "unexpected_keyword_argument":
        known = [f.name for f in fields(sections[section])] if rest else list(sections)
        unknown = rest[0] if rest else section
        what = f"key {unknown!r} in [{section}]" if rest else f"section [{unknown}]"
        close = difflib.get_close_matches(unknown, known, n=1)
        homes = [s for s, c in sections.items() if unknown in {f.name for f in fields(c)}]
        if not rest and homes:
            return ConfigError(
                f"{origin} has {unknown!r} outside its section [{homes[0]}]",
                f"write [{homes[0]}] on a line above it",
            )
        return ConfigError(
            f"{origin} has an unknown {what}; valid: {', '.join(known)}",
            f"did you mean {close[0]!r}?" if close else "",
        )
    name = ".".join((section, *rest))
    return ConfigError(
        f"{origin}: {name} = {first['input']!r} is not valid: {first['msg'].lower()}",
        "config.example.toml explains every key",
    )
