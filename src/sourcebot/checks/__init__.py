"""Whether the index, the quotes and the answers are what they should be."""
