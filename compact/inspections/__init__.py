"""What inspectorates found, as they said it: no grade here is ever computed."""
