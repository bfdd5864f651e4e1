"""The dates that the two notices go by, in this one place, and when the first of them wants a review."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Statement:
    """When the accessibility statement was prepared and last reviewed, and the product last tested for it."""

    prepared: date
    reviewed: date
    tested: date


@dataclass(frozen=True)
class Version:
    """A version of the privacy notice: since when it holds, and what changed with it."""

    number: int
    since: date
    change: str


ACCESSIBILITY = Statement(prepared=date(2026, 11, 20), reviewed=date(2026, 11, 21), tested=date(2026, 11, 21))
# The newest first. Whoever changes the notice's words adds a version; a test holds the two together.
PRIVACY = (
    Version(3, date(2026, 11, 22), "We note what you agree to share of a signed return."),
    Version(2, date(2026, 11, 21), "We note calls, and e-mails that came back."),
    Version(1, date(2026, 11, 21), "The first version."),
)


def overdue(statement: Statement, today: date) -> str | None:
    """What is to be done when the last review is more than a year ago; None while it is not.

    The Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018,
    regulation 8, ask for regular review; government guidance takes that as once a year.
    """
    if today <= _year_after(statement.reviewed):
        return None
    return (
        "The accessibility statement was last reviewed on "
        f"{statement.reviewed.day} {statement.reviewed:%B %Y}, more than a year ago. "
        "Read it against the product, then set its dates in compact/notices/rules.py."
    )


def _year_after(day: date) -> date:
    """The same day of the next year; for 29 February, 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
