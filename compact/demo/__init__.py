"""A made-up partnership to try everything with."""
