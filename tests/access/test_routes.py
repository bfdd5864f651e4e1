"""A12: the application is built only when every route has a rule and every rule a route and a finder."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pytest
from flask import Flask
from sqlalchemy import Engine

from compact import create_app
from compact.access import guard
from compact.access.routes import ROUTES, Rule
from compact.access.values import Act
from config import Settings
from tests import making

Build = Callable[[Mapping[str, Rule]], Flask]


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """These tests add routes and hooks."""
    return own_app


@pytest.fixture
def build(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Build:
    """Build the application with other rules than its own."""

    def build(rules: Mapping[str, Rule]) -> Flask:
        monkeypatch.setattr(guard, "ROUTES", MappingProxyType(dict(rules)))
        return create_app(settings, editions={making.EDITION: making.edition()}, engine=engine)

    return build


def test_a_route_without_a_rule_stops_the_build(build: Build) -> None:
    without = {endpoint: rule for endpoint, rule in ROUTES.items() if endpoint != "returns.post_standard"}

    with pytest.raises(RuntimeError, match=r"differ: returns\.post_standard$"):
        build(without)


def test_a_rule_without_a_route_stops_the_build(build: Build) -> None:
    with pytest.raises(RuntimeError, match=r"differ: returns\.gone$"):
        build({**ROUTES, "returns.gone": Rule(Act.READ_RETURN, "return")})


def test_a_rule_whose_thing_nobody_finds_stops_the_build(build: Build) -> None:
    with pytest.raises(RuntimeError, match=r"differ: returns\.task_list$"):
        build({**ROUTES, "returns.task_list": Rule(Act.READ_RETURN, "retrun")})


def test_the_applications_own_rules_fit_its_routes(build: Build) -> None:
    assert build(ROUTES).url_map.is_endpoint_expecting("returns.task_list", "return_id")


def test_a_route_that_came_after_the_build_is_shut(app: Flask) -> None:
    app.add_url_rule("/late", "late", lambda: "open")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    assert app.test_client().get("/late").status_code == 500


@pytest.mark.parametrize("endpoint", ROUTES)
def test_a_rule_names_a_thing_exactly_when_its_act_is_done_to_one(endpoint: str) -> None:
    """What somebody does as themselves may be about what is their own, or about nothing that has an owner."""
    rule = ROUTES[endpoint]

    if rule.act is Act.SIGNED_IN:
        assert rule.thing in (None, "own")
    else:
        assert (rule.thing is None) == (rule.act is Act.ANYONE)


def test_only_what_must_be_is_open_to_anyone() -> None:
    assert {endpoint for endpoint, rule in ROUTES.items() if rule.act is Act.ANYONE} == {
        "static",
        "pages.health",
        "notices.accessibility",
        "notices.privacy",
        "accounts.sign_in",
        "accounts.post_sign_in",
        "accounts.sign_out",
        "accounts.second_step",
        "accounts.post_second_step",
        "accounts.ask_for_code",
        "accounts.post_ask_for_code",
        "accounts.mailed_code",
        "accounts.post_mailed_code",
        "invitation.invitation",
        "invitation.accept",
        "reports.open_summary",
        "reports.open_csv",
        "reports.open_pdf",
        "reports.open_xlsx",
    }


def test_no_two_rooms_find_things_of_one_name(app: Flask) -> None:
    with pytest.raises(ValueError, match="Two rooms find a thing named “return”"):
        guard.add_finder(app, "return", lambda _address, _person: None)
