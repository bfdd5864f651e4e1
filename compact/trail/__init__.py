"""Who did what, as a chain of hashes."""
