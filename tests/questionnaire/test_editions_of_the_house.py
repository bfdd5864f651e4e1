"""The editions that the house ships."""

from datetime import date

import pytest

import config
from compact.questionnaire.reading import SECTOR_ORDER, edition_folders, read_editions
from compact.questionnaire.values import Edition

ROOT = config.ROOT / "questionnaires"
EDITIONS = [folder.name for folder in edition_folders(ROOT)]


@pytest.fixture(scope="module")
def editions() -> dict[str, Edition]:
    """Read once: that this raises nothing says that no file has a mistake."""
    return read_editions(ROOT)


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_reads_without_a_mistake(editions: dict[str, Edition], name: str) -> None:
    assert editions[name].name == name
    assert set(editions[name].texts) == {
        "standards.yaml",
        *(f"{each}.yaml" for each in editions[name].settings),
    }


def test_the_first_edition_asks_every_setting_type_in_order(editions: dict[str, Edition]) -> None:
    assert editions["2026"].settings == SECTOR_ORDER


def test_the_grades_are_those_that_others_script_against(editions: dict[str, Edition]) -> None:
    grades = [(grade.key, grade.weak) for grade in editions["2026"].scale.grades]
    assert grades == [
        ("outstanding", False),
        ("good", False),
        ("requires_improvement", True),
        ("inadequate", True),
    ]


@pytest.mark.parametrize("name", EDITIONS)
def test_a_key_means_the_same_in_every_file(editions: dict[str, Edition], name: str) -> None:
    meanings: dict[str, set[object]] = {}
    for asked in editions[name].questionnaires.values():
        for indicator in asked.indicators:
            meanings.setdefault(indicator.key, set()).add((indicator.standard, indicator.changed))
    assert {key for key, meaning in meanings.items() if len(meaning) > 1} == set()


@pytest.mark.parametrize("name", EDITIONS)
def test_every_standard_is_asked_or_left_out_with_a_reason(editions: dict[str, Edition], name: str) -> None:
    for asked in editions[name].questionnaires.values():
        left_out = {each.standard for each in asked.not_asked}
        for number, indicators in asked.by_standard.items():
            assert bool(indicators) is (number not in left_out)


@pytest.mark.parametrize("name", EDITIONS)
def test_every_document_is_used_and_in_force_when_the_year_begins(
    editions: dict[str, Edition], name: str
) -> None:
    used = {
        (basis.document, basis.in_force)
        for asked in editions[name].questionnaires.values()
        for indicator in asked.indicators
        for basis in indicator.basis
    }
    assert {document for document, _ in used} == set(editions[name].documents)
    assert max(day for _, day in used) <= date(int(name), 9, 1)
