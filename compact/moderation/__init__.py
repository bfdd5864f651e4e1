"""The partnership's own view of a grade, beside the self-assessed one: never over it, never in a share."""
