"""The PostgreSQL engine: an index in a database, for more than one machine (docs/scale.md)."""
