"""The styles of the terminal: each can be read on a dark and on a light background.

Yellow and cyan cannot be read on white, blue not on black.
"""

from __future__ import annotations

MARK = "bold"
"""What stands out: numbers of quotes, headings."""

NOTICE = "magenta"
"""What needs attention: refusals, notes."""

FAINT = "dim"
"""What stands back: attributions, files, explanations."""

GOOD = "green"

WRONG = "red"
