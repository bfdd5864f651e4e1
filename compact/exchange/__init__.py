"""Finished returns from elsewhere in; copies out."""
