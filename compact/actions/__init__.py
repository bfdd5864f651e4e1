"""The plan: what an organisation will do about a weak indicator."""
