"""The rule at the heart: counts (SQL) -> findings: shares, flags and trends."""
