"""The table of roles and rules, and the person of the request as a frozen value."""
