"""Replies -> what people and programs read."""
