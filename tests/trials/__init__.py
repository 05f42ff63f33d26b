"""Trials that break things on purpose; the suite runs a few, benchmarks/reliability.py many."""
