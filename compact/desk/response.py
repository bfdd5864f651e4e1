"""How the response to a round came in, day by day, beside the round before it: on values alone.

Days are counted from the last day of each round, so that both stand side by side: -7 is a week before it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

# What came in later than this is in the figures of today and not in the picture.
AFTER = 28
WEEK = 7


@dataclass(frozen=True)
class Signed:
    """A round's last day, how many are due in it today, and the local days on which each signed first, in
    their order."""

    round: str
    closes: date
    due: int
    days: Sequence[date]

    def by(self, place: int) -> int:
        """How many had signed so many days after its last day was over, or before where it is negative."""
        return bisect_right(self.days, self.closes + timedelta(days=place))

    def share(self, place: int) -> Fraction:
        return Fraction(self.by(place), self.due) if self.due else Fraction(0)

    def steps(self, first: int, last: int) -> list[tuple[int, Fraction]]:
        """The share on the day `first` and on each one after it, until `last`, on which it rose; the days are
        counted from `first`."""
        rose = {(day - self.closes).days for day in self.days}
        later = sorted(place for place in rose if first < place <= last)
        return [(place - first, self.share(place)) for place in (first, *later)]


@dataclass(frozen=True)
class Row:
    """What had come in by a day: this round's number and share, and the share of the one before then."""

    on: date
    place: int
    signed: int
    share: Fraction
    before: Fraction | None


@dataclass(frozen=True)
class OverTime:
    """The response from day `first` to day `last`, as far as it is known: up to day `known`.

    `today` lies after `last` once the round is over for long.
    """

    now: Signed
    before: Signed | None
    first: int
    last: int
    known: int
    today: int

    @property
    def steps(self) -> list[tuple[int, Fraction]]:
        return self.now.steps(self.first, self.known)

    @property
    def steps_before(self) -> list[tuple[int, Fraction]]:
        return self.before.steps(self.first, self.last) if self.before else []

    @property
    def latest(self) -> Row:
        return self._row(self.today)

    @property
    def weeks(self) -> list[Row]:
        """Week by week before and after the last day, and today."""
        known = range(self.first, min(self.known + 1, self.today))
        return [self._row(place) for place in (*(each for each in known if each % WEEK == 0), self.today)]

    def _row(self, place: int) -> Row:
        on = self.now.closes + timedelta(days=place)
        before = self.before.share(place) if self.before else None
        return Row(on, place, self.now.by(place), self.now.share(place), before)


def over_time(now: Signed, begins: date, today: date, before: Signed | None) -> OverTime | None:
    """The response since a round began; None while it has not begun, or where nobody is due."""
    if today < begins or not now.due:
        return None
    first = min((begins - now.closes).days, 0)
    passed = (today - now.closes).days
    last = min(max(passed, 0), AFTER)
    beside = before if before and before.due else None
    return OverTime(now, beside, first, last, min(passed, last), passed)
