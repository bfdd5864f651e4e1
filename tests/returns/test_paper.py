"""The questions as PDF, for whoever answers them."""

import pytest

from compact.cycles.models import Due
from tests import making
from tests.school import School


@pytest.mark.parametrize("rest", ["", "?by=standard", "?by=person"])
def test_the_questions_can_be_taken_away(school: School, rest: str) -> None:
    paper = school.head().client.get(f"/returns/{school.return_id}/questions.pdf{rest}")

    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert paper.data.startswith(b"%PDF-")
    assert paper.headers["Content-Disposition"].startswith("attachment; filename=")


def test_another_order_is_not_there(school: School) -> None:
    assert school.head().open(f"/returns/{school.return_id}/questions.pdf?by=age").status == 404


def test_the_task_list_leads_to_them_until_the_return_is_signed(school: School) -> None:
    page = school.head().get(school.address())

    for words in ("all the questions (PDF)", "what evidence to gather, by the person to ask (PDF)"):
        paper = school.head().client.get(str(page.link(words)["href"]))
        assert paper.data.startswith(b"%PDF-")


def test_they_are_there_before_the_return_is_started(school: School) -> None:
    world = school.world
    cycle = world.cycle(world.partnership("Northmere", areas=("902",)), name="Next")
    organisation = world.organisation("Oakfield School", areas=("902",))
    world.insert(Due, [{"cycle_id": cycle, "organisation_id": organisation, "added_at": making.NOW}])
    head = school.visit(world.person("Alex Oak", making.signatory(organisation)))
    page = head.get(f"/cycles/{cycle}/organisations/{organisation}/start")

    for words in ("Download all the questions (PDF)", "Download what evidence to gather"):
        links = [a for a in page.soup.select("main a") if a.get_text().startswith(words)]
        assert head.client.get(str(links[0]["href"])).data.startswith(b"%PDF-")
