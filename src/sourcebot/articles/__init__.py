"""From a file to an article and its paragraphs."""
