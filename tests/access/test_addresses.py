"""A13: another spelling of an address is no way round its rule."""

import pytest

from .conftest import Place

OTHER_SPELLINGS = (
    "/returns/{draft}/",
    "/returns//{draft}",
    "http://localhost//returns/{draft}",
    "/Returns/{draft}",
    "/RETURNS/{draft}/CHECK",
    "/returns/{draft};x=1",
    "/returns/{draft};/check",
    "/returns/{draft}/check;x",
    "/returns/%2e/{draft}",
    "/returns/%2e%2e/returns/{draft}",
    "/returns/./{draft}",
    "/health/../returns/{draft}",
    "/static/../returns/{draft}",
    "/static/%2e%2e/returns/{draft}",
    "/returns/0{draft}",
    "/returns/+{draft}",
    "/returns/-{draft}",
    "/returns/{draft}.0",
    "/returns/{draft}%00",
    "/returns/{draft}%20",
    "/returns/%EF%BC%91",
    "/returns%2F{draft}",
    "/learning/{cycle}/school.CSV",
    "/learning/{cycle}//school",
    "/analysis/{cycle}/School",
    "/analysis/{cycle}/school%00",
    "/learning/{cycle}/%00",
    "/learning/{cycle}/%FF.csv",
    "/analysis/{cycle}?partnership=%00",
    "/learning/{cycle}/school?partnership=1%00",
)


@pytest.mark.parametrize("spelling", OTHER_SPELLINGS)
@pytest.mark.parametrize(
    "visitor", ["a stranger", "an officer of another area", "a signatory of a school elsewhere"]
)
def test_no_spelling_of_an_address_goes_round_its_rule(place: Place, visitor: str, spelling: str) -> None:
    response = place.clients[visitor].get(spelling.format_map(place.ids), follow_redirects=True)

    assert response.status_code == 404 or response.request.path == "/sign-in"
    assert "Larkfield School" not in response.text


@pytest.mark.parametrize("spelling", OTHER_SPELLINGS)
def test_those_who_may_are_never_shown_a_fault_for_a_spelling(place: Place, spelling: str) -> None:
    for visitor in ("a signatory of the school", "an officer of the area"):
        response = place.clients[visitor].get(spelling.format_map(place.ids), follow_redirects=True)

        assert response.status_code in (200, 404)


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, 10**30])
@pytest.mark.parametrize(
    "address",
    [
        "/returns/{number}",
        "/returns/{{draft}}/actions/{number}",
        "/returns/{{draft}}/standards/{number}",
        "/cycles/{number}/organisations/{{school}}/start",
        "/cycles/{{cycle}}/organisations/{number}/start",
        "/learning/{number}/school",
        "/analysis/{number}/school",
    ],
)
def test_a_number_larger_than_any_id_is_not_found(place: Place, address: str, number: int) -> None:
    asked = address.format(number=number).format_map(place.ids)
    for visitor in ("a signatory of the school", "an officer of the area"):
        assert place.clients[visitor].get(asked).status_code == 404


def test_doubled_slashes_redirect_nowhere(place: Place) -> None:
    """E8: a redirect to single slashes would be absolute, made from the Host and the port of the request."""
    for address in ("//evil.example/returns", "/returns//{draft}", "/learning/{cycle}//school", "//sign-out"):
        asked = {"PATH_INFO": address.format_map(place.ids), "HTTP_HOST": "localhost:666"}
        response = place.clients["a stranger"].get("/", environ_overrides=asked)

        assert response.status_code in (404, 405), address
        assert response.location is None, address
