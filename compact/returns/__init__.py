"""Answering: the task list, a page a standard, saving, and two people at once."""
