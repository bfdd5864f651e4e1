"""What Portsmouth published of 2020-21: 169 organisations, of which 12 worked across several areas; no single
standard stood out for statutory bodies or early years; for education standard 4 alone did, with 17%.

How many schools there were was not published. 9 of 53 is the smallest count of schools of a city of that size
that is written as 17%; the returns are made up.
"""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from tests import making
from tests.conftest import Ended
from tests.making import ALL_SCHOOL_KEYS, ASKED_SCHOOL_KEYS, SCHOOL_KEYS, World
from tests.pages import Visitor
from tests.prepared import Prepared

from .past_pages import publish

SCHOOLS, WEAK_SCHOOLS, NURSERIES, STATUTORY, SEVERAL_AREAS = 53, 9, 62, 42, 12
SENTENCE = (
    "For schools, standard 4, service development and voice, was the only one with a significant share: "
    "17% (9 of 53) said that practice could be improved."
)
Visit = Callable[[str], Visitor]
NURSERY_KEYS = tuple(keys[0] for number, keys in SCHOOL_KEYS.items() if number < 12)


@pytest.fixture
def audit(world: World, prepared: Prepared) -> int:
    """The round: some schools are weak in standard 4, a few of each sector elsewhere."""
    return prepared.on(world, _audit)


def _audit(world: World) -> int:
    partnership = world.partnership()
    made = {
        setting: [world.organisation(f"{setting} {number}", setting=setting) for number in range(many)]
        for setting, many in (
            ("school", SCHOOLS),
            ("early_years", NURSERIES),
            ("statutory", STATUTORY),
            ("hips", SEVERAL_AREAS),
        )
    }
    cycle = world.cycle(partnership)
    for setting, organisations in made.items():
        for place, organisation in enumerate(organisations):
            world.signed(cycle, organisation, _grades(setting, place), setting=setting)
    world.person("Officer", making.officer(partnership))
    return cycle


def _grades(setting: str, place: int) -> dict[str, str | None]:
    keys = {"school": ASKED_SCHOOL_KEYS, "early_years": NURSERY_KEYS}.get(setting, ALL_SCHOOL_KEYS)
    given: dict[str, str | None] = dict.fromkeys(keys, "good")
    if setting == "school" and place < WEAK_SCHOOLS:
        given["bullying" if place % 2 else "pupil-voice"] = "requires_improvement"
    if place == 20:
        given["conduct"] = given["recruitment"] = "inadequate"
    return given


def test_standard_4_of_education_stands_out_wherever_it_is_told(
    audit: int, world: World, app: Flask, visit: Visit, compact: Callable[..., Ended]
) -> None:
    for sector in ("school", "early_years", "statutory", "hips"):
        publish(world, app, audit, 1, sector)
    officer = visit("officer@example.org")

    _the_command_says_so(compact)
    findings = officer.get(f"/analysis/{audit}/school").text
    assert "4. Service development and voice" in findings
    assert "16.98%" in findings
    summary = officer.get(f"/learning/{audit}/school?partnership=1").text
    assert "The standard that most find hard is 4, service development and voice: 9 of 53 (16.98%)" in summary
    _the_statement_says_so(officer.get(f"/analysis/{audit}/statement").fields()["text"])


def _the_command_says_so(compact: Callable[..., Ended]) -> None:
    ended = compact("analyse", "Compact 2026", "--by", "standard", "--format", "json")

    rows = json.loads(ended.out)
    flagged = [each for each in rows if each["flagged"] == "yes"]
    assert [(each["sector"], each["standard"]) for each in flagged] == [("school", 4)]
    assert {**flagged[0], "title": ""} == {
        "sector": "school",
        "standard": 4,
        "indicator": "",
        "title": "",
        "graded": SCHOOLS,
        "weak": WEAK_SCHOOLS,
        "share": "16.98",
        "flagged": "yes",
    }


def _the_statement_says_so(text: str) -> None:
    assert "For Compact 2026, Wexcombe Partnership asked 169 organisations to assess" in text
    assert "schools (53), nurseries (62), statutory bodies (42) and four-area bodies (12)." in text
    assert "169 of them (100%) have signed a return." in text
    assert SENTENCE in text
    assert (
        "No single standard had a significant share for nurseries, statutory bodies or four-area bodies."
        in text
    )


def test_the_indicators_of_standard_4_are_each_below_the_mark(
    audit: int, compact: Callable[..., Ended]
) -> None:
    """A standard's share is not the largest of its indicators': different schools find other ones hard."""
    ended = compact("analyse", "Compact 2026", "--by", "indicator", "--sector", "school", "--format", "json")

    weak = {each["indicator"]: each["weak"] for each in json.loads(ended.out) if each["standard"] == 4}
    assert weak == {"bullying": 4, "pupil-voice": 5}
