"""PDF files -> drafts: glyphs, lines, columns, running heads, paragraphs, tables."""

from sourcebot.adding.pdf.document import read_pdf

__all__ = ["read_pdf"]
