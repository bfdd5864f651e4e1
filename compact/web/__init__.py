"""The frame of every page: errors, headers, components, the clock."""
