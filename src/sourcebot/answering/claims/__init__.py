"""From a claim to what the articles say of it."""
