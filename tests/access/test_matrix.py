"""Every route, asked for by every visitor: allowed, refused as if there were nothing, or sent to sign in."""

from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from tests.pages import Visitor

from .conftest import Place, shown
from .matrix import ANYONE, CASES, OF_THEIR_OWN, VISITORS, Case, expected

GETS = tuple(case for case in CASES if case.method == "GET")
# HEAD and OPTIONS go through the one guard that GET goes through; these have every way to be answered.
SOME = (
    "a stranger",
    "a contributor of the school",
    "an officer of the area",
    "an administrator",
    *(
        pytest.param(name, marks=pytest.mark.campaign)
        for name in ("a disabled person", "a signatory of a sibling", "an officer of another area")
    ),
)
SOMETHINGS = tuple(case for case in CASES if "{" in case.address)
TURNS = 3


def outcome(case: Case, response: TestResponse) -> str:
    """What an answer comes to; a status that nobody expects stands for itself."""
    if response.status_code == case.status and not _leads_to_sign_in(response):
        return "allowed"
    if response.status_code == 404:
        return "refused"
    asks_to_sign_in = response.status_code == 401 if case.method == "POST" else _leads_to_sign_in(response)
    return "sign in" if asks_to_sign_in else str(response.status_code)


def _leads_to_sign_in(response: TestResponse) -> bool:
    return (response.location or "").startswith("/sign-in?next=")


def test_every_route_is_in_the_matrix(place: Place) -> None:
    routes = {rule.endpoint for rule in place.app.url_map.iter_rules()}

    assert {case.endpoint for case in CASES} | OF_THEIR_OWN == routes


def test_every_visitor_of_the_matrix_is_there(place: Place) -> None:
    assert set(place.clients) == set(VISITORS)


@pytest.mark.parametrize("visitor", VISITORS)
def test_a_route_is_open_to_exactly_those_whom_the_design_allows(place: Place, visitor: str) -> None:
    """And what is not theirs looks like what does not exist."""
    answers = {case: place.ask(visitor, case) for case in CASES}

    seen = {str(case): outcome(case, response) for case, response in answers.items()}
    assert seen == {str(case): expected(visitor, case) for case in CASES}

    compared = hidden_from(visitor)
    nothing = {str(case): told(place.ask(visitor, case, ids=place.nowhere)) for case in compared}
    assert {str(case): told(answers[case]) for case in compared} == nothing


def hidden_from(visitor: str) -> list[Case]:
    """What is compared with nothing: all that is hidden from who is not signed in, and of others' a part.

    Every third of those who are refused a thing compares it, so that each thing is compared by somebody.
    """
    if VISITORS[visitor] is None:
        return [case for case in SOMETHINGS if case.doing != ANYONE]
    hidden = []
    for number, case in enumerate(SOMETHINGS):
        refused = [name for name in VISITORS if expected(name, case) == "refused"]
        if visitor in refused[number % TURNS :: TURNS]:
            hidden.append(case)
    return hidden


def told(response: TestResponse) -> tuple[int, str]:
    """What an answer tells, but for the address that was asked for: who is to sign in is led back to it."""
    status, body = shown(response)
    if _leads_to_sign_in(response):
        return status, ""
    return status, body.replace(quote(response.request.path), "")


@pytest.mark.parametrize("visitor", SOME)
def test_a_head_is_answered_as_its_get(place: Place, visitor: str) -> None:
    heads = {
        case: place.clients[visitor].head(case.address.format_map(place.ids), buffered=True) for case in GETS
    }

    seen = {str(case): outcome(case, response) for case, response in heads.items()}

    assert seen == {str(case): expected(visitor, case) for case in GETS}
    assert {response.data for response in heads.values()} == {b""}


@pytest.mark.parametrize("visitor", SOME)
def test_what_an_address_takes_is_told_to_nobody_who_may_not_see_it(place: Place, visitor: str) -> None:
    """OPTIONS: 200 with the methods for those who may GET, the same refusal as a GET for all others."""

    def asks(case: Case) -> str:
        response = place.clients[visitor].options(case.address.format_map(place.ids))
        return outcome(case, response) if response.status_code != 200 else "allowed"

    own = [case for case in GETS if case.endpoint != "static"]  # static files answer GET and HEAD alone

    assert {str(case): asks(case) for case in own} == {str(case): expected(visitor, case) for case in own}


@pytest.mark.parametrize("visitor", SOME)
def test_the_sign_in_page_and_the_way_out_are_open_to_everybody(place: Place, visitor: str) -> None:
    signed_in = VISITORS[visitor] is not None

    page = place.clients[visitor].get("/sign-in")
    left = Visitor(place.app).post("/sign-out", follow=False)

    assert (page.status_code, page.location) == ((302, "/") if signed_in else (200, None))
    assert (left.status, left.response.location) == (302, "/sign-in")
