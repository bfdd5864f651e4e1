"""What the law has everybody told: how accessible the Compact is, and what it keeps about people."""
