"""What is published agrees with a recomputation in plain Python, whatever bodies returned: all its values."""

from collections.abc import Sequence
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from compact.access import scope
from compact.analysis.findings import SectorFindings, find
from compact.analysis.trend import earlier_rounds
from compact.cycles.store import cycle_by_id
from compact.reports import drawing, store
from compact.reports.drafting import draft
from compact.reports.summary import Counts, Summary
from compact.reports.summary import Earlier as EarlierShown
from tests import making
from tests.making import NOW, World

from . import plainly, rounds
from .plainly import Plain
from .rounds import FAR, KEYS, NEAR, SECTORS, STANDARD, Body, Places

MADE = (Phase.explicit, Phase.generate)  # a round's number says all of it, and a smaller one is no simpler
quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
some_round = st.integers(0, 2**32).map(rounds.made_round)
_numbers = count()


@given(some_round, some_round)
@settings(max_examples=6, deadline=None, phases=MADE, suppress_health_check=quiet)
def test_all_published_values_are_what_plain_counting_gives(
    world: World, app: Flask, then: list[Body], now: list[Body]
) -> None:
    _agree(world, app, then, now)


@pytest.mark.campaign
@given(some_round, some_round)
@settings(max_examples=100, deadline=None, phases=MADE, suppress_health_check=quiet)
def test_the_values_of_two_hundred_rounds_are_what_plain_counting_gives(
    world: World, app: Flask, then: list[Body], now: list[Body]
) -> None:
    """A hundred pairs of rounds."""
    _agree(world, app, then, now)


def _agree(world: World, app: Flask, then: list[Body], now: list[Body]) -> None:
    """Two rounds: the first published by both partnerships, one after the other; the second beside it."""
    number = next(_numbers) % 450
    own = rounds.partnerships(world, number)
    world.person(f"Officer {number}")
    first = rounds.write(world, then, number, own, years_ago=2)
    second = rounds.write(world, now, number, own)
    with app.app_context(), world.session() as session:
        scope.everything("a test")
        for sector in SECTORS:
            _the_desk_agrees(session, first, then, sector)
            hidden: frozenset[str] = frozenset()
            published = {}
            for area in (NEAR, FAR):
                published[area] = plainly.published(then, sector, area, hidden)
                _agrees(_published(session, first, area, sector), published[area])
                hidden |= published[area].hidden
            before: frozenset[str] = frozenset()
            for area in (NEAR, FAR):
                plain = plainly.published(now, sector, area, before)
                summary = _published(session, second, area, sector)
                _agrees(summary, plain)
                _is_beside(summary, plain, published[area])
                before |= plain.hidden


def _published(session: Session, places: Places, area: str, sector: str) -> Summary:
    """What a partnership publishes now."""
    row = cycle_by_id(session, places.cycle)
    assert row is not None
    partnership = places.partnerships[area]
    summary = draft(session, row, earlier_rounds(session, row, partnership, sector), partnership, sector)
    store.publish(session, row.id, partnership, summary, foreword="", by=1, at=NOW)
    return summary


def _the_desk_agrees(session: Session, places: Places, bodies: Sequence[Body], sector: str) -> None:
    """The desk sees every count, from the round and from each partnership."""
    for area in (None, NEAR, FAR):
        found = _found(session, places, area, sector)
        for key in KEYS:
            finding = next(each for each in found.indicators if each.indicator.key == key)
            figures = plainly.figures_at_the_desk(bodies, sector, area, [key])
            assert (finding.weak, finding.graded) == figures, (sector, area, key)
            assert finding.is_flagged == plainly.stands_out(figures)
        for number in set(STANDARD.values()):
            own = [key for key in KEYS if STANDARD[key] == number]
            standard = found.standards[number - 1]
            figures = plainly.figures_at_the_desk(bodies, sector, area, own)
            assert (standard.weak, standard.graded) == figures, (sector, area, number)


def _found(session: Session, places: Places, area: str | None, sector: str) -> SectorFindings:
    row = cycle_by_id(session, places.cycle)
    assert row is not None
    partnership = places.partnerships[area] if area else None
    return find(session, row, making.edition(), partnership=partnership, sector=sector)[0]


def _agrees(summary: Summary, plain: Plain) -> None:
    assert (summary.due, summary.received, summary.imported) == (plain.due, plain.received, plain.imported)
    rows = {key: row.counts for key, row in summary.rows.items() if row.counts}
    assert {key: dict(counts.grades) for key, counts in rows.items()} == {
        key: dict(grades) for key, grades in plain.rows.items()
    }
    for key, counts in rows.items():
        _counts_agree(counts, plain.figures(key))
        assert summary.rows[key].flagged == plainly.stands_out(plain.figures(key))
    standards = {each.number: each for each in summary.standards if each.counts}
    assert standards.keys() == plain.standards.keys()
    for number, figures in plain.standards.items():
        _counts_agree(standards[number].counts, figures)
        assert standards[number].flagged == plainly.stands_out(figures)
    phases = {
        each.phase: {n: (weak, graded) for n, (graded, weak) in each.standards.items()}
        for each in summary.phases
    }
    assert phases == plain.phases
    advised = {key for key in plain.rows if plainly.stands_out(plain.figures(key))}
    assert {each.key for each in summary.advice} == advised
    _nothing_hidden_is_named(summary, plain)


def _counts_agree(counts: Counts | None, figures: plainly.Figures) -> None:
    assert counts is not None
    assert (counts.weak, counts.graded) == figures
    assert counts.share == plainly.percent(figures)
    assert counts.one_alone_flags == (9 * counts.graded < 100)


def _nothing_hidden_is_named(summary: Summary, plain: Plain) -> None:
    hidden = set(summary.rows) - set(plain.rows)
    assert plain.hidden <= summary.hides
    for key in hidden:
        row = summary.rows[key]
        assert row.counts is None
        assert not row.flagged
    lines = drawing.as_csv(summary).splitlines()
    for key in KEYS:
        line = next(each for each in lines if f",{key}," in each)
        if key in hidden:
            assert line.endswith(",not shown,,,")
        else:
            weak, graded = plain.figures(key)
            flag = "yes" if plainly.stands_out((weak, graded)) else "no"
            assert line.endswith(f",{graded},{weak},{plainly.percent((weak, graded))},{flag}")


def _is_beside(summary: Summary, now: Plain, then: Plain) -> None:
    """The trend: what is shown in both rounds, and nothing else."""
    shown = [each for each in summary.earlier if each.indicators or each.standards]
    keys, standards = plainly.compared(now, then)
    if not then.received or not (keys or standards):
        assert shown == []
        return
    (earlier,) = shown
    assert _beside(earlier) == (keys, standards)
    assert earlier.left_out == len(now.rows) - len(keys)


Beside = dict[str, tuple[plainly.Figures, plainly.Figures]]


def _beside(earlier: EarlierShown) -> tuple[Beside, Beside]:
    found: list[Beside] = [
        {each.key: ((each.weak_then, each.graded_then), (each.weak_now, each.graded_now)) for each in rows}
        for rows in (earlier.indicators, earlier.standards)
    ]
    return found[0], found[1]
