"""Articles as people read them: text, originals, pages, and what became of quotes."""
