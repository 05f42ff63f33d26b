"""What is kept of the articles, and how it is searched."""
