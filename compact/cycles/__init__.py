"""Audit rounds: when, by whom, who takes part, and the text of the edition they use."""
