"""Made-up values of a learning summary: one with everything in it, and any number of others by chance."""

from collections.abc import Mapping

from hypothesis import strategies as st

from compact.analysis.rules import is_flagged, is_hidden, one_alone_flags, share
from compact.analysis.suppression import INSPECTED, PHASES
from compact.reports.opening import opening
from compact.reports.summary import (
    Advice,
    Counts,
    Earlier,
    GradeLabel,
    IndicatorRow,
    Inspected,
    PhaseRow,
    StandardRow,
    Summary,
    ThenRow,
)

SCALE = (
    GradeLabel(key="outstanding", label="Outstanding", weak=False),
    GradeLabel(key="good", label="Good", weak=False),
    GradeLabel(key="requires_improvement", label="Requires improvement", weak=True),
    GradeLabel(key="inadequate", label="Inadequate", weak=True),
)
TITLES = (
    "Leadership commitment",
    "Policies and procedures",
    "Accountability",
    "Service development and voice",
    "Staff training and development",
    "Safer recruitment",
    "Effective inter-agency working",
    "Information sharing",
    "Early help",
    "Equality and diversity",
    "Online safety",
    "Commissioned services",
)
THRESHOLD = 9


def grades_of(graded: int, weak: int) -> dict[str, int]:
    """Counts by grade that add up: the best grade and the worst are given by about a third."""
    best, worst = (graded - weak) // 3, weak // 3
    return {
        "outstanding": best,
        "good": graded - weak - best,
        "requires_improvement": weak - worst,
        "inadequate": worst,
    }


def counts_of(graded: int, weak: int) -> Counts:
    return Counts(
        graded=graded,
        weak=weak,
        share=str(share(weak, graded)),
        grades=grades_of(graded, weak),
        one_alone_flags=one_alone_flags(graded, THRESHOLD),
    )


def question(key: str, asked: str, graded: int, weak: int) -> IndicatorRow:
    """A question as it is published: hidden where too few graded it."""
    if is_hidden(graded):
        return IndicatorRow(key=key, asked=asked, counts=None, flagged=False)
    return IndicatorRow(
        key=key, asked=asked, counts=counts_of(graded, weak), flagged=is_flagged(weak, graded, THRESHOLD)
    )


def standard(number: int, title: str, questions: tuple[IndicatorRow, ...]) -> StandardRow:
    """A standard whose counts are those of its shown question with most weak grades."""
    seen = [each.counts for each in questions if each.counts]
    top = max(seen, key=lambda each: each.weak, default=None)
    return StandardRow(
        number=number,
        title=title,
        counts=top,
        flagged=top is not None and is_flagged(top.weak, top.graded, THRESHOLD),
        indicators=questions,
    )


def advice(row: IndicatorRow, words: str = "", *, note: str = "", practice: str = "") -> Advice:
    said = words or f"Somebody in the setting leads on {row.asked} and tells the governors every term."
    return Advice(
        key=row.key,
        asked=row.asked,
        text=said,
        good=(said,),
        advice=(said, f"Ask staff what they would do about {row.asked}.", "Write down what changed."),
        example=f"One school put {row.asked} on the agenda of each meeting of its staff.",
        basis=("Keeping children safe in education, Part two, in force from 1 September 2025",),
        note=note,
        practice=practice,
    )


def finished(
    standards: tuple[StandardRow, ...],
    *,
    words: str = "",
    note: str = "",
    practice: str = "",
    actions: str = "",
    phases: tuple[PhaseRow, ...] = (),
    earlier: tuple[Earlier, ...] = (),
    inspected: Inspected | None = None,
    hidden: tuple[str, ...] = (),
) -> Summary:
    """The summary of these standards, with its advice and opening."""
    rows = [row for each in standards for row in each.indicators]
    kept_back = [row.key for row in rows if row.counts is None]
    summary = Summary(
        cycle="Autumn 2026",
        edition="2026",
        partnership="Portsmouth Safeguarding Children Partnership",
        sector="school",
        sector_title="Schools",
        threshold=THRESHOLD,
        due=64,
        received=60,
        imported=2,
        scale=SCALE,
        standards=standards,
        advice=tuple(advice(row, words, note=note, practice=practice) for row in rows if row.flagged),
        phases=phases,
        earlier=earlier,
        inspected=inspected,
        hidden=tuple(sorted([*kept_back, *hidden])),
        actions=actions,
    )
    return summary.model_copy(update={"opening": opening(summary)})


def whole(schools: int = 60) -> Summary:
    """Everything at once: earlier rounds, phases, an inspection, notes, and a hidden question."""
    standards = tuple(_standard(number, schools) for number in range(1, 12))
    unasked = StandardRow(number=12, title=TITLES[11], counts=None, flagged=False, indicators=())
    return with_all((*standards, unasked), schools)


def with_all(standards: tuple[StandardRow, ...], schools: int) -> Summary:
    """A summary of these standards with all that may stand beside them."""
    return finished(
        standards,
        note="Our advisers visit every school that asks.\n\nCall them.",
        practice="We ask ten children each term whom they would tell, and show the governors what they said.",
        actions="We will hold three evenings on children's voice.\n\nWe will visit six schools.",
        phases=_phases(standards, schools),
        earlier=(
            _earlier(standards, 2, "Autumn 2024"),
            _earlier(standards, 1, "Spring 2022", brought_in=True),
        ),
        inspected=Inspected(returns=9, hopeful=4),
    )


def _standard(number: int, schools: int) -> StandardRow:
    questions = (
        question(
            f"standard-{number}-question-{place}",
            f"how part {place} of {TITLES[number - 1].lower()} is looked after by everybody in the setting",
            4 if (number, place) == (4, 3) else schools - place,
            (number * 5 + place * 3) % 11 if number % 3 == 1 else number % 4,
        )
        for place in range(1, 7)
    )
    return standard(number, TITLES[number - 1], tuple(questions))


def _phases(standards: tuple[StandardRow, ...], schools: int) -> tuple[PhaseRow, ...]:
    counted: Mapping[str, int] = {
        "primary": schools // 2,
        "secondary": schools // 3,
        "all_through": schools // 6,
    }
    return tuple(
        PhaseRow(
            phase=phase,
            standards={
                each.number: (graded, min((each.counts.weak + place) // 3, graded))
                for each in standards
                if each.counts
            },
        )
        for place, (phase, graded) in enumerate(counted.items())
    )


def _earlier(
    standards: tuple[StandardRow, ...], step: int, cycle: str, *, brought_in: bool = False
) -> Earlier:
    rows = [row for each in standards for row in each.indicators if row.counts]
    return Earlier(
        cycle_id=step,
        cycle=cycle,
        brought_in=brought_in,
        left_out=len(rows[::7]),
        indicators=tuple(
            then(row.key, row.counts, step) for at, row in enumerate(rows) if at % 7 and row.counts
        ),
        standards=tuple(
            then(str(each.number), each.counts, step) for each in standards[: 9 - step] if each.counts
        ),
        hidden=(),
    )


def then(key: str, now: Counts, step: int) -> ThenRow:
    """A row that was found hard by some more or fewer in an earlier round."""
    before = min(max(now.weak + (len(key) + now.weak * 3) % 7 - step, 0), now.graded)
    return ThenRow(
        key=key, graded_then=now.graded, weak_then=before, graded_now=now.graded, weak_now=now.weak
    )


# Texts with everything that a document could stumble over.
NASTY = st.text(
    st.one_of(
        st.sampled_from("=+-@#$*_<>&{}\"'\\\u202e\u0301\U0001f642\t\n ąß□"), st.characters(codec="utf-8")
    ),
    min_size=1,
    max_size=40,
).filter(str.strip)


@st.composite
def summaries(draw: st.DrawFn) -> Summary:
    """Summaries with made-up counts and texts, with and without what may be missing."""
    standards, keys = [], 0
    for number in range(1, draw(st.integers(1, 4)) + 1):
        questions = []
        for _ in range(draw(st.integers(0, 3))):
            keys += 1
            graded = draw(st.integers(0, 40))
            weak = draw(st.integers(0, graded))
            questions.append(question(f"key-{keys}", draw(NASTY), graded, weak))
        standards.append(standard(number, draw(NASTY), tuple(questions)))
    of = tuple(standards)
    inspected = draw(st.sampled_from([None, Inspected(returns=7, hopeful=2)]))
    return finished(
        of,
        words=draw(NASTY),
        note=draw(NASTY),
        practice=draw(NASTY),
        actions=draw(NASTY),
        phases=draw(st.sampled_from([(), _phases(of, 60)])),
        earlier=draw(st.sampled_from([(), (_earlier(of, 1, "Before"),)])),
        inspected=inspected,
        hidden=draw(st.sampled_from([(), (PHASES,), (INSPECTED,)])),
    )
