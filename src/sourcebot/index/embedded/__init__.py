"""The engine in files: SQLite, FAISS and tantivy."""
