"""Anything in: files and pages of any kind become articles under ``sources/``."""
