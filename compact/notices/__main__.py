"""`python -m compact.notices`: ends with 1 when the accessibility statement wants a review (`make check`)."""

import sys

from compact.web.clock import today

from .rules import ACCESSIBILITY, overdue

if __name__ == "__main__":
    sys.exit(overdue(ACCESSIBILITY, today()))
