"""Learning summaries: values composed from the findings, published and drawn."""
