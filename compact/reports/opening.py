"""What everybody of a sector should know, in five sentences made from the published values alone."""

from fractions import Fraction

from compact.analysis.rules import share
from compact.web.texts import mid_sentence

from .summary import Earlier, Summary, ThenRow


def opening(summary: Summary) -> tuple[str, ...]:
    """Who answered; what is found hardest; what is flagged; what changed; how far to trust the grades."""
    return (
        _answered(summary),
        _hardest(summary),
        _flagged(summary),
        _changed(summary),
        _hopeful(summary),
    )


def _answered(summary: Summary) -> str:
    of = f"{summary.received:,} of {summary.due:,} {mid_sentence(summary.sector_title)}"
    return f"{of} that were asked have signed a return ({summary.rate})."


def _hardest(summary: Summary) -> str:
    shown = summary.shown_by_share
    if not shown:
        return "Too few of them answered for any figures to be shown."
    top = shown[0]
    if not top.counts or not top.counts.weak:
        return "In the figures shown here, nobody says that practice requires improvement."
    title = mid_sentence(top.title)
    return (
        f"The standard that most find hard is {top.number}, {title}: {top.counts.weak:,} of "
        f"{top.counts.graded:,} ({top.counts.share}%) say that something in it requires improvement."
    )


def _flagged(summary: Summary) -> str:
    flagged = len(summary.advice)
    if not flagged:
        return f"No single question reached more than {summary.threshold}%."
    questions = "1 question" if flagged == 1 else f"{flagged:,} questions"
    return (
        f"In {questions} more than {summary.threshold}% say so; this paper has advice on "
        f"{'it' if flagged == 1 else 'each of them'}."
    )


def _changed(summary: Summary) -> str:
    before = next((each for each in summary.earlier if each.indicators), None)
    if before is None:
        return "There are no earlier figures to compare these with."
    fewer = sum(_rise(each) < 0 for each in before.indicators)
    more = sum(_rise(each) > 0 for each in before.indicators)
    questions = "1 question" if len(before.indicators) == 1 else f"{len(before.indicators):,} questions"
    by_more = f"{more:,}" if more else "none"
    return (
        f"Of {questions} that {before.cycle} asked in the same sense, {_count(fewer)} now found hard by "
        f"fewer and {by_more} by more.{_most(before)}"
    )


def _most(before: Earlier) -> str:
    """The standard that changed most, where any did."""
    best = min(before.standards, key=_rise, default=None)
    if best is None or _rise(best) >= 0:
        return ""
    then, now = share(best.weak_then, best.graded_then), share(best.weak_now, best.graded_now)
    return f" Standard {best.key} improved most, from {then}% to {now}%."


def _hopeful(summary: Summary) -> str:
    found = summary.inspected
    if found is None:
        return (
            "Grade what you can show: a weak grade brings help, and one that is too hopeful is found out by "
            "the next inspection."
        )
    more_hopeful = "1 was" if found.hopeful == 1 else f"{found.hopeful:,} were"
    return (
        f"Of {found.returns:,} returns that an inspection looked at after they were signed, {more_hopeful} "
        "more hopeful than the inspectors: grade what you can show."
    )


def _rise(row: ThenRow) -> Fraction:
    """By how much the share rose since then; below nothing where fewer find it hard."""
    return Fraction(row.weak_now, row.graded_now) - Fraction(row.weak_then, row.graded_then)


def _count(number: int) -> str:
    return "none is" if not number else "1 is" if number == 1 else f"{number:,} are"
