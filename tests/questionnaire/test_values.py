"""The values: frozen, of known attributes only, and complete."""

import copy
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from compact.questionnaire import values
from compact.questionnaire.values import Edition, Indicator, Value
from tests import making


@pytest.fixture
def edition() -> Edition:
    return making.edition()


def _all_values(value: object) -> list[BaseModel]:
    """A value with all the values in it."""
    if isinstance(value, tuple):
        return [each for item in value for each in _all_values(item)]
    if isinstance(value, BaseModel):
        parts = [getattr(value, name) for name in type(value).model_fields]
        return [value, *(each for part in parts for each in _all_values(part))]
    return []


def test_no_value_can_be_changed(edition: Edition) -> None:
    found = [each for asked in edition.questionnaires.values() for each in _all_values(asked)]
    found += _all_values(edition.common)
    kinds = {type(each) for each in found}
    assert kinds >= {values.Questionnaire, values.Indicator, values.Basis, values.Fact, values.Scale}
    for value in found:
        before = copy.deepcopy(value)
        for name in type(value).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(value, name, "changed")
            with pytest.raises(ValidationError, match="frozen"):
                delattr(value, name)
        assert value == before


def test_lists_are_tuples_all_the_way_down(edition: Edition) -> None:
    for asked in edition.questionnaires.values():
        for value in _all_values(asked):
            held = [getattr(value, name) for name in type(value).model_fields]
            assert not [each for each in held if isinstance(each, list | dict | set)]


def test_an_edition_cannot_be_changed(edition: Edition) -> None:
    attribute: Any
    for attribute in ("common", "questionnaires", "texts"):
        with pytest.raises(FrozenInstanceError):
            setattr(edition, attribute, None)
    mapping: Any
    for mapping in (edition.questionnaires, edition.texts):
        with pytest.raises(TypeError, match="item assignment"):
            mapping["school"] = "changed"


def test_an_unknown_attribute_is_refused() -> None:
    first = making.edition().questionnaires["school"].indicators[0]
    fields: dict[str, Any] = {name: getattr(first, name) for name in Indicator.model_fields}
    assert Indicator(**fields) == first
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Indicator(**fields, colour="red")  # type: ignore[call-arg] # what is tried
    made: Any = Indicator(**fields)
    with pytest.raises(ValidationError, match="frozen"):
        made.colour = "red"


def test_every_class_of_value_is_strict() -> None:
    """A class that is added later is held to the same."""
    of_values = [each for each in vars(values).values() if isinstance(each, type) and issubclass(each, Value)]
    assert len(of_values) > 10
    for each in of_values:
        assert each.model_config["frozen"]
        assert each.model_config["strict"]
        assert each.model_config["extra"] == "forbid"


def test_what_is_asked_is_found_by_key_and_by_standard(edition: Edition) -> None:
    school = edition.questionnaires["school"]
    assert list(school.by_key) == list(making.ALL_SCHOOL_KEYS)
    assert [each.key for each in school.by_standard[4]] == ["bullying", "pupil-voice"]
    assert list(school.by_standard) == list(range(1, 13))
    assert edition.questionnaires["early_years"].by_standard[12] == ()
    assert list(school.facts) == ["commissions-services"]
    assert edition.scale.weak_keys == {"requires_improvement", "inadequate"}
    assert edition.settings == ("school", "early_years", "statutory", "hips")
