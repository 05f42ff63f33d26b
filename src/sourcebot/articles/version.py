"""Which form the paragraphs have that are made of files; light, as every question needs it."""

SPLITTER_VERSION = 12
"""Raised whenever the same file would be segmented otherwise: it makes an index stale."""
