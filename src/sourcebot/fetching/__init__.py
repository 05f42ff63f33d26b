"""The web: fetching pages politely and safely, and reading feeds."""
