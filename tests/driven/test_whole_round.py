"""A round of 169 made-up organisations, from launch to closing: by pages, by mail, and killed on the way."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from compact.questionnaire.reading import read_editions
from compact.questionnaire.values import Edition
from compact.returns.rules import NOT_APPLICABLE
from config import ROOT
from tests.conftest import Template
from tests.driven.browser import Wire
from tests.driven.ledger import arrived, percent
from tests.driven.made_up import HOST, MANY, SHARED_NUMBERS, Story, a_quarter, organisations
from tests.driven.officers import FOUR_AREAS, ROUND, Officer
from tests.driven.serving import service
from tests.driven.story import ELSEWHERE, Campaign, at


@pytest.fixture
def edition() -> Edition:
    return read_editions(ROOT / "questionnaires")["2026"]


@pytest.mark.campaign
def test_a_round_of_169_organisations(sqlite_template: Template, edition: Edition, tmp_path: Path) -> None:
    """D9, I5, I6, I7: what the server acknowledged is there, and every mail arrives once."""
    before, database = Wire.asked, sqlite_template.copy("driven")
    with service(database, tmp_path, at(9, 1)) as running:
        campaign = Campaign(running, edition, organisations())
        officer = campaign.prepare()
        campaign.launch(officer)
        campaign.autumn(officer)
        campaign.winter()
        running.at(at(2, 1))
        campaign.review(officer)
        running.at(at(8, 5))
        campaign.ask_for_updates(officer)
        lost, doubled = _hold_mails(campaign)
        _hold_answers(campaign, officer)
        _hold_analysis(campaign)
        assert running.run("trail", "verify").code == 0
    sqlite_template.drop("driven")
    print(
        f"\nsqlite: {_told(campaign)}, {lost} lost, {doubled} doubled; {Wire.asked - before} requests, "
        f"{len(campaign.ledger.answers)} answers acknowledged and there, {len(campaign.ledger.signed)} signed"
    )


@pytest.mark.campaign
def test_the_mails_of_a_round_on_postgresql(
    postgres_template: Template, edition: Edition, tmp_path: Path
) -> None:
    """D9, I5, I6: invitations, launch, one that comes back, reminders, to a quarter of them."""
    database = postgres_template.copy("driven")
    with service(database, tmp_path, at(9, 1)) as running:
        campaign = Campaign(running, edition, a_quarter(organisations()))
        campaign.launch(campaign.prepare())
        running.at(at(11, 18, 7))
        campaign.remind("reminder", Story, times=2)
        campaign.send_killed_before_writing(9)
        lost, doubled = _hold_mails(campaign)
    postgres_template.drop("driven")
    print(f"\npostgresql: {_told(campaign)}, {lost} lost, {doubled} doubled")


def _told(campaign: Campaign) -> str:
    """The figures of a round."""
    kinds = Counter(kind for _who, kind in arrived(campaign.service.post).elements())
    return (
        f"{len(campaign.asked)} organisations ({_listed(Counter(each.setting for each in campaign.asked))}), "
        f"{kinds.total()} mails ({_listed(kinds)}), the sender killed {campaign.kills} times "
        f"({campaign.held} mails held as in doubt, which had arrived)"
    )


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{many} {name}" for name, many in counts.items())


def _hold_mails(campaign: Campaign) -> tuple[int, int]:
    """Every mail that should have been written arrived, once; those in doubt had arrived."""
    expected, got = +campaign.ledger.mails, arrived(campaign.service.post)
    lost, doubled = (expected - got).total(), (got - expected).total()
    assert (expected - got, got - expected) == (Counter(), Counter())
    ids = [str(each.message["Message-ID"]) for each in campaign.service.post.arrived]
    assert len(ids) == len(set(ids))
    assert (campaign.kills, campaign.held) == (3, 2)
    return lost, doubled


def _hold_answers(campaign: Campaign, officer: Officer) -> None:
    """What the desk's file says of both rounds is what was acknowledged; drafts have theirs, too."""
    labels = {each.label: each.key for each in campaign.edition.scale.grades}
    for cycle, settings in ((officer.cycle, set(MANY) - {"hips"}), (campaign.four_areas, {"hips"})):
        rows = csv.DictReader(io.StringIO(officer.all_returns(cycle).lstrip("\ufeff")))
        found = {
            (row["Register and identifier"], row["Key"]): (
                NOT_APPLICABLE if row["Not applicable"] == "yes" else labels[row["Grade"]],
                row["Evidence"],
                row["Reason"],
            )
            for row in rows
            if row["Grade"] or row["Not applicable"] == "yes"
        }
        assert found == {
            (organisation, key): (each.choice, each.evidence, each.reason)
            for (organisation, key), each in campaign.ledger.answers.items()
            if organisation in campaign.ledger.signed
            and campaign.ledger.signed[organisation].setting in settings
        }
    for each in campaign.of(Story.HALF_DONE):
        head = campaign.heads[each.key]
        head.enter(head.address)
        assert head.sees_what_was_kept()
    for number in SHARED_NUMBERS:  # A14
        assert {f"GIAS:{number}", f"Ofsted:{number}"} <= {key for key, _ in campaign.ledger.answers}


def _hold_analysis(campaign: Campaign) -> None:
    """Shares and response rates are those of the ledger, to the digit."""
    for name, settings in ((ROUND, [each for each in MANY if each != "hips"]), (FOUR_AREAS, ["hips"])):
        rows = _csv(campaign, "cycles", "show", name)
        assert rows[1:] == [_response(campaign, each) for each in _ordered(campaign.edition, settings)]
        for by in ("indicator", "standard"):
            assert _csv(campaign, "analyse", name, "--by", by)[1:] == _found(campaign, settings, by)
    seen = ("--partnership", ELSEWHERE, "--by", "standard")
    there = _csv(campaign, "analyse", FOUR_AREAS, *seen)[1:]
    assert there == _found(campaign, ["hips"], "standard", ELSEWHERE)
    assert there != _found(campaign, ["hips"], "standard")
    host = _csv(campaign, "analyse", FOUR_AREAS, "--partnership", HOST, "--by", "standard")[1:]
    assert host == _found(campaign, ["hips"], "standard")


def _found(
    campaign: Campaign, settings: Iterable[str], by: str, partnership: str = ""
) -> list[tuple[str, ...]]:
    return [
        row
        for setting in _ordered(campaign.edition, settings)
        for row in campaign.ledger.found(
            campaign.edition, setting, by=by, threshold=9, partnership=partnership
        )
    ]


def _response(campaign: Campaign, setting: str) -> tuple[str, ...]:
    due = sum(each.setting == setting and each.story is not Story.EXCUSED for each in campaign.asked)
    signed = sum(each.setting == setting for each in campaign.ledger.signed.values())
    return setting, str(due), str(signed), percent(signed, due)


def _ordered(edition: Edition, settings: Iterable[str]) -> list[str]:
    return [each for each in edition.settings if each in set(settings)]


def _csv(campaign: Campaign, *arguments: str) -> list[tuple[str, ...]]:
    out = campaign.service.run(*arguments, "--format", "csv").out
    return [tuple(row) for row in csv.reader(io.StringIO(out))]
