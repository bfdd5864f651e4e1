"""People: who they are, their roles, signing in and out."""
