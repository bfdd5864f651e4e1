"""Finished returns from elsewhere in; copies out; everything out in open formats, and in again."""
