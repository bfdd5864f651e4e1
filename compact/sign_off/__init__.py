"""Check, sign, evidence, results and receipt."""
