"""What works: texts that a signatory offers from a signed return, and what officers make of them."""
