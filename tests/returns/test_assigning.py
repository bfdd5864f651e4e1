"""Standards given to colleagues: they are told once, by a mail that holds no answer."""

from collections.abc import Mapping

from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.accounts.models import Person
from compact.mail.models import OutboxMail
from compact.returns.models import Assignment
from compact.returns.rules import Answer
from tests import making
from tests.pages import Page
from tests.school import School

ASSIGNMENTS = "/assignments"


def give(school: School, standards: Mapping[int, str]) -> Page:
    """The head gives standards to people by their names, the others to nobody."""
    head = school.head()
    page = head.get(school.address(ASSIGNMENTS))
    values = {option.get_text(): str(option["value"]) for option in page.soup.select("option")}
    return head.send(page, **{f"standard_{number}": values[name] for number, name in standards.items()})


def mails(school: School) -> list[OutboxMail]:
    with school.world.session() as session:
        return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def test_a_colleague_is_named_on_the_task_list_and_told_with_a_link(school: School) -> None:
    page = give(school, {4: "Sam Deputy", 5: "Sam Deputy"})

    assert "Sam Deputy" in page.text
    (mail,) = mails(school)
    assert mail.recipient == "deputy@example.org"
    assert mail.subject == "For you to answer: 2 of the standards of Larkfield School"
    assert "- 4. Service development and voice\n- 5. Training\n" in mail.text
    assert f"http://localhost/returns/{school.return_id}\n" in mail.text


def test_nobody_is_told_twice_nor_of_what_they_gave_themselves(school: School) -> None:
    give(school, {4: "Sam Deputy"})
    give(school, {4: "Sam Deputy", 5: "Robin Head"})
    give(school, {4: "Sam Deputy", 6: "Sam Deputy"})

    assert [mail.text.count("\n- ") for mail in mails(school)] == [1, 1]
    assert "- 6. Recruitment" in mails(school)[1].text


def test_i9_the_mail_holds_no_answer(school: School) -> None:
    school.world.answer(school.return_id, {"bullying": Answer("good", evidence="Xyzzy")})
    give(school, {4: "Sam Deputy"})

    assert "Xyzzy" not in mails(school)[0].text


def test_a_standard_can_be_taken_back(school: School) -> None:
    give(school, {4: "Sam Deputy"})
    give(school, {4: "Nobody in particular"})

    with school.world.session() as session:
        assert session.scalars(select(Assignment)).all() == []


def test_everybody_else_can_still_answer_it(school: School) -> None:
    give(school, {4: "Sam Deputy"})
    head = school.head()
    head.send(head.get(school.address("/standards/4")), bullying_evidence="The head’s", then="later")

    assert head.get(school.address("/standards/4")).fields()["bullying-evidence"] == "The head’s"


def test_only_people_of_the_setting_can_be_given_one(school: School) -> None:
    """A7: an id that the page does not offer is nobody."""
    with school.world.session() as session:
        officer = session.scalars(select(Person.id).where(Person.email == "officer@example.org")).one()
    school.head().post(school.address(ASSIGNMENTS), {"standard-4": str(officer), "standard-12": "1"})

    with school.world.session() as session:
        assert session.scalars(select(Assignment)).all() == []
    assert mails(school) == []


def test_a_disabled_colleague_and_a_reader_are_not_offered(school: School) -> None:
    reader = Grant(Role.READER, organisation_id=school.organisation, job_title="Governor")
    school.world.person("Gil Governor", reader, email="governor@example.org")
    with school.world.session() as session:
        deputy = session.scalars(select(Person).where(Person.email == "deputy@example.org")).one()
        deputy.disabled_at = making.NOW
        session.commit()

    page = school.head().get(school.address(ASSIGNMENTS))

    assert {each.get_text() for each in page.soup.select("option")} == {"Nobody in particular", "Robin Head"}


def test_after_signing_there_is_nothing_to_give(school: School) -> None:
    school.answer_all()
    school.sign()

    assert school.head().get(school.address(ASSIGNMENTS)).h1 == "Larkfield School"
