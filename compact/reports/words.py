"""What a summary says in sentences besides its figures: the same in the page and in the PDF."""

from collections.abc import Iterator

from compact.analysis.rules import one_alone_flags
from compact.analysis.suppression import PHASES
from compact.documents.svg import Share
from compact.web.texts import mid_sentence, sentence_case

from .summary import Counts, Earlier, StandardRow, Summary, ThenRow
from .tables import Counted, counted, phase_name

ONE_ALONE = "So few graded it that one organisation alone would pass the mark."
MOST = 3  # questions that are named as changed


def sector(summary: Summary) -> str:
    """The sector as it stands within a sentence."""
    return mid_sentence(summary.sector_title)


def in_short(summary: Summary) -> tuple[str, ...]:
    """The opening; of a summary that was published before there was one, who answered."""
    if summary.opening:
        return summary.opening
    return (f"{summary.received:,} of {summary.due:,} answered ({summary.rate}).",)


def brought_in(summary: Summary) -> str:
    if not summary.imported:
        return ""
    one = summary.imported == 1
    return f"{summary.imported:,} of these {'was' if one else 'were'} brought in from earlier forms."


def how_they_did(summary: Summary) -> Iterator[str]:
    yield (
        "The standards that most find hard come first. A bar counts the grades of all questions shown in its "
        "standard; beside its name stands how many of the organisations that graded any of them say that "
        "something in it requires improvement."
    )
    not_asked = [str(each.number) for each in summary.standards if not each.indicators]
    if not_asked:
        plural = "s" if len(not_asked) > 1 else ""
        yield f"Not asked of this sector: standard{plural} {_listed(not_asked)}."


def standard(row: StandardRow) -> Iterator[str]:
    """A standard's figures, and what is kept back of them."""
    if row.counts is None:
        yield "Not shown, because too few graded it." if row.indicators else "Not asked of this sector."
        return
    yield f"{counted(row.counts)} say that something in this standard requires improvement."
    if row.counts.one_alone_flags:
        yield ONE_ALONE
    if row.hidden:
        are = "question is" if row.hidden == 1 else "questions are"
        yield f"{row.hidden} {are} not shown and not counted here."


def found_hard(summary: Summary) -> str:
    passed = f"more than {summary.threshold}% of those who graded"
    flagged = len(summary.advice)
    if not flagged:
        return f"No question was found hard by {passed} it."
    if flagged == 1:
        return f"1 question is flagged: {passed} it say that practice requires improvement."
    return (
        f"{flagged} questions are flagged: {passed} each of them say that practice requires improvement. "
        "Those that most find hard come first."
    )


def advised(counts: Counts) -> str:
    """What stands behind the counts of a flagged question."""
    alone = f" {ONE_ALONE}" if counts.one_alone_flags else ""
    return f"say that this requires improvement.{alone}"


def changed(summary: Summary) -> str:
    """What the part on change begins with."""
    if not summary.earlier:
        return "There are no earlier figures to compare these with."
    return (
        "Only questions that mean the same in both rounds and are shown in both are compared, and standards "
        "in which that is so of every question."
    )


def of_round(earlier: Earlier) -> str:
    """How much of a round can be compared."""
    compared = len(earlier.indicators)
    come = " Its figures were brought in from earlier forms." if earlier.brought_in else ""
    if not compared:
        return f"Nothing of {earlier.cycle} can be compared.{come}"
    plural = "question is" if compared == 1 else "questions are"
    out = f"{earlier.left_out:,} {'is' if earlier.left_out == 1 else 'are'} left out"
    return f"{compared:,} {plural} compared with {earlier.cycle}, {out}.{come}"


def moved_most(summary: Summary, earlier: Earlier) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The questions that are found hard by fewer than in a round, and by more: at most three of each."""
    rises = [
        (now.exact - then.exact, row, then, now) for row in earlier.indicators for then, now in [_both(row)]
    ]
    best = sorted((each for each in rises if each[0] < 0), key=lambda each: each[0])
    worst = sorted((each for each in rises if each[0] > 0), key=lambda each: -each[0])
    improved, harder = (
        tuple(
            f"{sentence_case(summary.rows[row.key].asked)}: {then}, now {now}"
            for _, row, then, now in moved[:MOST]
        )
        for moved in (best, worst)
    )
    return improved, harder


def _both(row: ThenRow) -> tuple[Counted, Counted]:
    return Counted(row.weak_then, row.graded_then), Counted(row.weak_now, row.graded_now)


def by_phase(summary: Summary) -> str:
    """What is said where the table of phases stands, or is withheld; nothing where there is one phase."""
    if summary.phases:
        few = [
            phase_name(row.phase).lower()
            for row in summary.phases
            if any(one_alone_flags(graded, summary.threshold) for graded, _ in row.standards.values())
        ]
        said = "The same by phase, counted over the questions that are shown."
        if not few:
            return said
        alone = "In some standards so few graded something that one school alone would pass the mark"
        return f"{said} {alone}: {_listed(few)}."
    if PHASES in summary.hides:
        return "The table by phase is not shown, because fewer than five of some phase graded a standard."
    return ""


def how_far_to_trust(summary: Summary) -> Iterator[str]:
    """The reminder about grades that hope for too much."""
    found = summary.inspected
    if found:
        hopeful = Share(found.hopeful, found.returns)
        was = "was" if found.hopeful == 1 else "were"
        yield (
            f"An inspection looked at {found.returns:,} of these settings after they had signed. "
            f"{found.hopeful:,} of these returns {was} more hopeful than the inspectors "
            f"({hopeful.percent()})."
        )
    yield (
        "The grades are the organisations' own. A grade is worth what can be shown for it: before you sign, "
        "ask of each grade what you would show an inspector today, and grade down where it is not there yet. "
        "A weak grade brings advice and help; one that is too hopeful is found by the next inspection."
    )


def method(summary: Summary) -> Iterator[str]:
    """How the figures were made, and what they cannot say."""
    weak = " or ".join(f"“{each.label}”" for each in summary.scale if each.weak)
    yield (
        f"Counted are the returns that were signed when this was published: {summary.received:,} of "
        f"{summary.due:,} that were due ({summary.rate}). {brought_in(summary)}".rstrip()
        + " A return that was signed after the last day counts like any other; an unsigned one does not."
    )
    yield (
        f"A share is how many graded something {weak}, of those who graded it. “Not applicable” and what was "
        "not asked or not answered are in neither number. In a standard an organisation counts once, however "
        "many of its questions are weak."
    )
    yield (
        f"A question or a standard is flagged where the share is more than {summary.threshold}%, compared "
        "exactly and before rounding. Where so few graded it that one organisation alone would be enough, "
        "this is said."
    )
    if summary.sector == "hips":
        yield f"A body of several areas counts with the grades that hold for {summary.partnership}."
    yield from _hiding(summary)
    yield "The partnership's own view of grades is in none of these figures, and no organisation is named."


def _hiding(summary: Summary) -> Iterator[str]:
    rows = summary.rows.values()
    hidden = sum(row.counts is None for row in rows)
    yield (
        "A question that fewer than five graded is not shown, so that nobody can be recognised, and it stays "
        f"hidden in later numbers of this paper. Here {_of(hidden, len(rows))} hidden. "
        "Every total is counted over the questions that are shown and over no others: else what is missing "
        "could be worked out from it."
    )


def _of(hidden: int, questions: int) -> str:
    if not hidden:
        return "no question is"
    return f"{hidden:,} of {questions:,} questions {'is' if hidden == 1 else 'are'}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
