"""What the PDF of a learning summary costs: of 60 schools, with the questions and the advice that they get.

It needs no database: a summary is drawn from its published values alone.
"""

import resource
import time

from compact.questionnaire.reading import read_edition
from compact.questionnaire.values import Indicator
from compact.reports.papers import Paper, as_pdf
from compact.reports.summary import Advice, IndicatorRow, Summary
from config import ROOT
from tests.reports import made_up

from .table import Row

SCHOOLS, TIMES = 60, 7
SECONDS = 0.5
EVERY, WEAK = 4, 9  # every fourth question is flagged, by nine of the sixty


def measure() -> Row:
    """The least of several times on the clock, with the typesetter's process in it."""
    paper = Paper(summary(), "Published on 3 November 2026 at 2:05pm.", "We thank you all. " * 60)
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        made = as_pdf(paper)
        taken.append(time.perf_counter() - began)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (used.ru_utime + used.ru_stime) / TIMES
    measured = (
        f"{min(taken):.2f} s on the clock at least, {cpu:.2f} s CPU in the typesetter, "
        f"{len(paper.summary.advice)} pieces of advice, {len(made) // 1024} kB"
    )
    what = f"learning summary of {SCHOOLS} schools as PDF"
    return Row(what, min(taken) / SECONDS, 1, f"× {SECONDS:g} s", measured)


def summary() -> Summary:
    """A summary of the schools' own questionnaire, with phases and two rounds before."""
    asked = read_edition(ROOT / "questionnaires" / "2026").questionnaires["school"].indicators
    rows = {each.key: _row(place, each) for place, each in enumerate(asked)}
    standards = tuple(
        made_up.standard(number, title, tuple(rows[each.key] for each in asked if each.standard == number))
        for number, title in enumerate(made_up.TITLES, start=1)
    )
    made = made_up.with_all(standards, SCHOOLS)
    advice = tuple(_advice(each) for each in asked if rows[each.key].flagged)
    return made.model_copy(update={"advice": advice})


def _row(place: int, indicator: Indicator) -> IndicatorRow:
    weak = WEAK if place % EVERY == 0 else place % EVERY
    return made_up.question(indicator.key, indicator.asked, SCHOOLS, weak)


def _advice(indicator: Indicator) -> Advice:
    return Advice(
        key=indicator.key,
        asked=indicator.asked,
        text=indicator.text,
        good=indicator.good,
        advice=indicator.advice,
        example=indicator.example,
        basis=tuple(f"{each.document}, {each.part}" for each in indicator.basis),
        note="Our advisers visit every school that asks.",
        practice=indicator.example,
    )
