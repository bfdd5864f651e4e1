"""Every questionnaire of the house, answered at random to the end through the real forms, and signed."""

import random
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

import config
from compact import db
from compact.cycles import editions as cycle_editions
from compact.cycles import store as cycles
from compact.questionnaire.reading import read_edition
from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns.models import Answer, Return
from compact.returns.rules import asked
from compact.sign_off.models import SignOff
from tests import making
from tests.making import World
from tests.pages import Page, Visitor

EDITION = read_edition(config.ROOT / "questionnaires" / "2026")
SEEDS = (1,)
MANY_SEEDS = range(2, 7)
EVIDENCE = ("", "Seen by a reviewer.", "=1+1\n<b>plain</b> “text” 🙂", "  kept as typed \n\n")


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with the house's own questionnaires."""
    cycle_editions.init_app(app, {EDITION.name: EDITION})
    return app


@pytest.mark.parametrize(
    "seed", [*SEEDS, *(pytest.param(seed, marks=pytest.mark.campaign) for seed in MANY_SEEDS)]
)
@pytest.mark.parametrize("setting", EDITION.settings)
def test_a_whole_set_is_answered_and_signed(
    world: World, visit: Callable[[str], Visitor], setting: str, seed: int
) -> None:
    chance = random.Random(f"{setting} {seed}")  # noqa: S311 - answers of nobody
    questionnaire = EDITION.questionnaires[setting]
    cycle, organisation = _round(world, setting)
    visitor = visit(world.person("Robin", making.signatory(organisation)))

    page = visitor.post(f"/cycles/{cycle}/organisations/{organisation}/start")
    facts = {fact.key: chance.random() < 0.5 for fact in questionnaire.profile}
    if facts:
        page = visitor.get(f"{page.address}/profile")
        data = {**page.fields(), **{fact: "yes" if answer else "no" for fact, answer in facts.items()}}
        page = visitor.open(page.address, "POST", data=data)
    address = page.address
    indicators = asked(questionnaire.indicators, facts)
    typed = {each.key: _made_up(EDITION, chance) for each in indicators}
    for number in sorted({each.standard for each in indicators}):
        _answer(
            visitor,
            f"{address}/standards/{number}",
            [each for each in indicators if each.standard == number],
            typed,
        )
    _plan(visitor, address, questionnaire, typed, chance)
    _sign(visitor, address)

    assert _kept(world) == {key: grade for key, (grade, _, _) in typed.items()}


def _round(world: World, setting: str) -> tuple[int, int]:
    partnership = world.partnership()
    organisation = world.organisation(setting=setting)
    with world.session() as session:
        cycle_editions.store_texts(session, EDITION)
        new = cycles.NewCycle(
            "Compact",
            EDITION.name,
            date(2026, 9, 1),
            date(2026, 12, 18),
            9,
            [partnership],
            [setting],
        )
        cycle = cycles.open_cycle(session, new, making.NOW)
        session.commit()
    return cycle, organisation


def _made_up(edition: Edition, chance: random.Random) -> tuple[str, str, str]:
    """A grade, its evidence and its reason, as somebody types them."""
    grade = chance.choice([*edition.scale.by_key, "good", "good", "good", "not_applicable"])
    return grade, chance.choice(EVIDENCE), "It cannot arise here." if grade == "not_applicable" else ""


def _answer(
    visitor: Visitor, address: str, indicators: list[Indicator], typed: dict[str, tuple[str, str, str]]
) -> None:
    page = visitor.get(address)
    data = page.fields()
    for each in indicators:
        grade, evidence, reason = typed[each.key]
        data |= {f"{each.key}-grade": grade, f"{each.key}-evidence": evidence, f"{each.key}-reason": reason}
    shown = {name.removesuffix("-version") for name in data if name.endswith("-version")}
    assert shown == {each.key for each in indicators}
    after = visitor.open(address, "POST", data={**data, "then": "continue"})
    assert (after.status, after.summary) == (200, [])


def _plan(
    visitor: Visitor,
    address: str,
    questionnaire: Questionnaire,
    typed: dict[str, tuple[str, str, str]],
    chance: random.Random,
) -> None:
    for key, (grade, _, _) in typed.items():
        if grade in EDITION.scale.weak_keys:
            steps = questionnaire.by_key[key].advice
            action = {"key": key, "what": chance.choice(steps), "lead": "deputy", "due": "31 3 2027"}
            page = visitor.post(f"{address}/actions", {**action, "status": "not_started"})
            assert page.summary == [], page.summary


def _sign(visitor: Visitor, address: str) -> Page:
    assert "Nothing is missing." in visitor.get(f"{address}/check").text
    page = visitor.get(f"{address}/sign-off")
    signed = visitor.send(page, **making.SIGNATURE)
    assert signed.h1 == "Return signed"
    return signed


def _kept(world: World) -> dict[str, str]:
    with db.open_session(world.engine) as session:
        assert session.scalars(select(Return.status)).one() == "signed"
        assert session.scalars(select(SignOff.id)).one()
        rows = session.execute(select(Answer.key, Answer.grade))
        return {key: grade or "not_applicable" for key, grade in rows}
