"""Rounds that were answered before this service was there: brought in, compared with, and named as such."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from compact.organisations.models import Partnership
from compact.reports.models import LearningSummary
from compact.reports.summary import Summary
from config import ROOT
from tests import making
from tests.conftest import Ended
from tests.exchange.everything import run
from tests.making import World
from tests.pages import Visitor
from tests.prepared import Prepared
from tests.publishing import publish

Command = Callable[..., Ended]
EARLIER, NOW_ROUND = "Compact 2022", "Compact 2026"
SETTINGS, GOOD, WEAK = 30, "good", "requires_improvement"


@pytest.fixture
def brought_in(compact: Command, world: World, prepared: Prepared, tmp_path: Path) -> Command:
    """Two rounds of thirty schools, both from spreadsheets: 12 of 30 were weak then, 6 are now."""
    prepared.on(world, _bring_in, compact, tmp_path)
    return compact


def _bring_in(world: World, compact: Command, tmp_path: Path) -> None:
    for ended in (
        compact("partnerships", "add", "Wexcombe Partnership", "--area", "901"),
        _open(compact, EARLIER, "2022-01-10", "2022-03-31"),
        _import(compact, EARLIER, _returns(tmp_path / "2022.csv", weak=12)),
        _open(compact, NOW_ROUND, "2026-09-01", "2026-12-18"),
        _import(compact, NOW_ROUND, _returns(tmp_path / "2026.csv", weak=6)),
    ):
        assert ended.code == 0, ended.err
    with world.session() as session:
        partnership = session.scalars(select(Partnership.id)).one()
    world.person("Officer", making.officer(partnership), email="officer@example.org")


def _open(compact: Command, name: str, opens: str, closes: str) -> Ended:
    days = ("--opens", opens, "--closes", closes)
    place = ("--partnership", "Wexcombe Partnership", "--setting", "school", "--edition", making.EDITION)
    return compact("cycles", "open", name, *place, *days)


def _import(compact: Command, name: str, file: Path) -> Ended:
    return compact("returns", "import", file, "--cycle", name)


def _returns(file: Path, *, weak: int) -> Path:
    """Thirty schools: so many of them are weak in bullying; in conduct all are good."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("organisation", "name", "setting", "indicator", "grade", "evidence", "reason"))
        for number in range(SETTINGS):
            place = (f"local:{number + 1}", f"School {number + 1}", "school")
            writer.writerow((*place, "bullying", WEAK if number < weak else GOOD, "", ""))
            writer.writerow((*place, "conduct", GOOD, "", ""))
    return file


def _published(world: World, visit: Callable[[str], Visitor]) -> Summary:
    officer = visit("officer@example.org")
    publish(officer, 2)
    with world.session() as session:
        return Summary.model_validate_json(session.scalars(select(LearningSummary.values)).one())


@pytest.mark.usefixtures("brought_in")
def test_the_next_rounds_summary_has_the_trend_named_as_brought_in(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    summary = _published(world, visit)
    (earlier,) = summary.earlier

    assert (earlier.cycle, earlier.brought_in, earlier.left_out) == (EARLIER, True, 0)
    then = {
        row.key: (row.weak_then, row.graded_then, row.weak_now, row.graded_now) for row in earlier.indicators
    }
    assert then == {"bullying": (12, SETTINGS, 6, SETTINGS), "conduct": (0, SETTINGS, 0, SETTINGS)}
    assert (
        f"Of 2 questions that {EARLIER} asked in the same sense, 1 is now found hard by fewer and none by "
        "more. Standard 4 improved most, from 40.00% to 20.00%."
    ) in summary.opening


def test_nothing_has_to_be_published_of_the_earlier_round(
    brought_in: Command, tmp_path: Path, world: World
) -> None:
    """The command's draft reads the earlier round from its returns."""
    for form in ("html", "csv"):
        file = tmp_path / f"summary.{form}"
        ended = brought_in("report", NOW_ROUND, "school", "--format", form, "--out", file)
        assert (ended.code, "this is a draft" in ended.err) == (0, True)
        assert "6" in file.read_text(encoding="utf-8")
    with world.session() as session:
        assert session.scalars(select(LearningSummary.id)).all() == []


@pytest.mark.usefixtures("brought_in")
def test_the_findings_pages_name_a_round_that_was_brought_in(visit: Callable[[str], Visitor]) -> None:
    officer = visit("officer@example.org")
    for cycle in (1, 2):
        sector = officer.get(f"/analysis/{cycle}/school")
        assert f"{SETTINGS} of them brought in from elsewhere" in sector.text
        whole = officer.get(f"/analysis/{cycle}")
        drawn = [str(each["aria-label"]) for each in sector.soup.select("main svg[role=img]")]
        assert any(f"{EARLIER} (brought in)" in each for each in drawn) == (cycle == 2)
        assert f"{SETTINGS} brought in" in whole.soup.select("main table")[0].get_text(" ")
    committee = officer.get("/committee/2")
    assert "“Last time” is Compact 2022" in committee.text
    assert (
        "6 of 30 (20.00%) require improvement in some part of it, less than 12 of 30 (40.00%)"
        in committee.text
    )


def test_a_round_whose_counts_are_asked_for_gives_them(brought_in: Command) -> None:
    ended = brought_in("analyse", EARLIER, "--by", "standard", "--format", "csv")
    rows = {row["standard"]: row for row in csv.DictReader(io.StringIO(ended.out))}

    assert (rows["4"]["graded"], rows["4"]["weak"], rows["4"]["share"]) == ("30", "12", "40.00")


def test_a_mistake_in_the_file_brings_nothing_in(compact: Command, world: World, tmp_path: Path) -> None:
    assert compact("partnerships", "add", "Wexcombe Partnership", "--area", "901").code == 0
    assert _open(compact, EARLIER, "2022-01-10", "2022-03-31").code == 0
    file = _returns(tmp_path / "2022.csv", weak=1)
    file.write_text(
        file.read_text(encoding="utf-8").replace("requires_improvement", "poor"), encoding="utf-8"
    )

    ended = _import(compact, EARLIER, file)

    assert ended.code == 1
    assert "2022.csv:2: there is no grade “poor”" in ended.err
    assert "school,0,0," in compact("cycles", "show", EARLIER, "--format", "csv").out


def test_the_guides_example_can_be_brought_in_as_the_guide_says(database: str) -> None:
    """With the house's own questionnaires."""
    guide = (ROOT / "docs" / "for-officers.md").read_text(encoding="utf-8")
    example = "examples/earlier-round.csv"
    assert f"({example})" in guide

    place = ("--partnership", "Wexcombe", "--setting", "school", "--edition", "2026")
    days = ("--opens", "2022-01-10", "--closes", "2022-03-31")
    bring_in = ("returns", "import", ROOT / "docs" / example, "--cycle", EARLIER)
    for said in (
        ("partnerships", "add", "Wexcombe", "--area", "901"),
        ("cycles", "open", EARLIER, *place, *days),
        (*bring_in, "--dry-run"),
        bring_in,
    ):
        ended = run(database, *said)
        assert ended.code == 0, ended.err
    assert "school,2,2,100.00" in run(database, "cycles", "show", EARLIER, "--format", "csv").out
