"""The rule at the heart: counts (SQL) -> findings (pandas)."""
