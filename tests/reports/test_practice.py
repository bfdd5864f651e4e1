"""Good practice: a signatory shares texts of a signed return, and an officer edits and chooses one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, delete, event, select, update

from compact.accounts.models import Membership
from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation
from compact.practice.models import Practice, PracticeChoice
from compact.reports.models import LearningSummary
from compact.returns.models import Answer as AnswerTable
from compact.returns.models import Exception_
from compact.returns.rules import Answer
from compact.sign_off.models import SignOff
from compact.trail.models import TrailEntry
from tests import making
from tests.making import ASKED_SCHOOL_KEYS, NOW, World
from tests.pages import Page, Visitor
from tests.school import School

EVIDENCE = "Ferry pupils wrote the rules."
KEY = "bullying"
OFFERED = f"/learning/1/school/practice/{KEY}"
MINE, EDITED = "Our pupils wrote the rules with us.", "In one school, pupils wrote the rules."
GOOD, WEAK = "good", "requires_improvement"


@pytest.fixture
def signed(school: School) -> School:
    """The school has signed: one answer is graded outstanding, one is weak, three have evidence."""
    answers = {key: Answer(GOOD) for key in ASKED_SCHOOL_KEYS}
    answers[KEY] = Answer(GOOD, evidence=EVIDENCE)
    answers["pupil-voice"] = Answer("outstanding", evidence="A council meets.")
    answers["conduct"] = Answer(WEAK, evidence="We have none.")
    school.world.answer(school.return_id, answers)
    _plan(school)
    school.sign()
    _others_are_weak(school.world)
    return school


def _plan(school: School) -> None:
    head = school.head()
    page = head.get(school.address("/actions/new/conduct"))
    head.send(page, what="Write a code", lead="The head", due="31 3 2027")


def _others_are_weak(world: World) -> None:
    """Ten more schools, of which two are weak where the first one shares: so it is flagged."""
    for number in range(10):
        grade = WEAK if number < 2 else GOOD
        world.signed(1, world.organisation(f"Other School {number}"), {KEY: grade, "conduct": GOOD})


def share(school: School, text: str = MINE, key: str = KEY) -> Page:
    head = school.head()
    page = head.get(school.address("/practice"))
    return head.send(page, **{f"{key}-share": "yes", f"{key}-text": text})


def choose(school: School, text: str = EDITED) -> Page:
    officer = school.officer()
    return officer.send(officer.get(f"{OFFERED}/{school.return_id}"), text=text)


def draft(school: School) -> str:
    return school.officer().get("/learning/1/school/publish").text


def rows(world: World, *columns: object) -> list[tuple[object, ...]]:
    with world.session() as session:
        return [tuple(row) for row in session.execute(select(*columns))]  # type: ignore[call-overload]


def test_what_is_not_weak_and_has_evidence_can_be_ticked_and_nothing_is_shared_before(
    signed: School,
) -> None:
    page = signed.head().get(signed.address("/practice"))

    assert page.h1 == "Share what works"
    boxes = [str(each["id"]) for each in page.soup.select("main input[type=checkbox]")]
    assert boxes == ["pupil-voice-share", "bullying-share"]
    assert not page.soup.select("main input[checked]")
    assert page.one(f"#{KEY}-text").get_text() == EVIDENCE
    assert "You can enter up to 2000 characters" in page.text
    assert "It does not name you." in page.text
    assert rows(signed.world, Practice.key) == []


def test_the_way_to_it_is_on_the_receipt_and_on_the_return_for_a_signatory_alone(signed: School) -> None:
    for page in ("/receipt", ""):
        assert signed.head().get(signed.address(page)).link("Share what works")
        for other in (signed.deputy(), signed.officer()):
            assert "Share what works" not in other.get(signed.address(page)).text


def test_nobody_but_a_signatory_shares(signed: School) -> None:
    for other in (signed.deputy(), signed.officer()):
        assert other.get(signed.address("/practice")).status == 404
        post = other.post(signed.address("/practice"), {f"{KEY}-share": "yes", f"{KEY}-text": MINE})
        assert post.status == 404
    assert rows(signed.world, Practice.key) == []


def test_a_ticked_text_is_shared_as_it_was_rewritten_and_the_trail_says_so(signed: School) -> None:
    page = share(signed)

    assert page.banner == ["1 text is shared."]
    assert "Shared by Robin Head on 5 October 2026 at 10:30am" in page.text
    assert page.fields()[f"{KEY}-text"] == MINE
    assert rows(signed.world, Practice.key, Practice.text, Practice.version) == [(KEY, MINE, 1)]
    assert _trail(signed.world, "practice shared") == ['{"key":"bullying","version":1}']


def test_what_is_already_shared_is_left_alone(signed: School) -> None:
    share(signed)

    assert share(signed).banner == ["Nothing was changed."]
    assert len(_trail(signed.world, "practice shared")) == 1


def test_a_text_that_is_too_long_comes_back_with_everything_typed(signed: School) -> None:
    page = share(signed, "x" * 2_001)

    assert page.summary == [
        "The text about how bullying is looked after is 2,001 characters long; it can have 2,000"
    ]
    assert page.target("The text about").get_text() == "x" * 2_001
    assert page.one(f"#{KEY}-share").has_attr("checked")
    assert rows(signed.world, Practice.key) == []


def test_an_indicator_that_is_weak_or_unknown_is_not_shared_whatever_is_posted(signed: School) -> None:
    data = {"conduct-share": "yes", "conduct-text": "x", "nothing-share": "yes", "nothing-text": "x"}

    assert signed.head().post(signed.address("/practice"), data).banner == ["Nothing was changed."]
    assert rows(signed.world, Practice.key) == []


def test_a_draft_has_nothing_to_share_yet(school: School) -> None:
    assert school.head().get(school.address("/practice")).h1 == "Larkfield School"
    assert school.head().post(school.address("/practice"), {}).h1 == "Larkfield School"


def test_a_return_without_evidence_says_that_there_is_nothing_to_share(school: School) -> None:
    school.answer_all()
    school.sign()

    assert "There is nothing to share" in school.head().get(school.address("/practice")).text


def test_what_seems_to_hold_a_childs_number_is_told(signed: School) -> None:
    assert any("an NHS number" in each for each in share(signed, "Ask 943 476 5919.").banner)


def test_an_officer_reads_what_is_offered_and_the_school_sees_that(signed: School) -> None:
    share(signed)
    officer = signed.officer()

    listed = officer.get("/learning/1/school/practice")
    assert "Larkfield School" not in listed.text
    assert not _trail(signed.world, "return read")
    page = officer.get(str(listed.link("4. How bullying")["href"]))

    assert "Larkfield School (Good)" in page.text
    assert MINE in page.text
    assert len(_trail(signed.world, "return read")) == 1
    officer.get(f"{OFFERED}/{signed.return_id}")
    assert len(_trail(signed.world, "return read")) == 1  # once a day
    assert "Ellis Officer" in signed.head().get(signed.address("/readers")).text


def test_to_open_the_form_is_to_read_the_return(signed: School) -> None:
    share(signed)

    signed.officer().get(f"{OFFERED}/{signed.return_id}")

    assert len(_trail(signed.world, "return read")) == 1


def test_the_edited_text_is_in_the_draft_and_in_what_is_published(signed: School) -> None:
    share(signed)

    page = choose(signed)

    assert "The text is chosen." in page.banner[0]
    assert EDITED in draft(signed)
    officer = signed.officer()
    published = officer.send(officer.get("/learning/1/school/publish"))
    assert EDITED in published.text
    assert "Larkfield" not in published.text


def test_the_command_has_it_in_its_draft(
    signed: School, compact: Callable[..., object], tmp_path: object
) -> None:
    share(signed)
    choose(signed)
    file = f"{tmp_path}/summary.html"

    compact("report", "Compact 2026", "school", "--format", "html", "--out", file)

    with open(file, encoding="utf-8") as page:  # noqa: PTH123
        assert EDITED in page.read()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("At Larkfield we ask.", "“Larkfield”"),
        ("Mrs Head asks, in po1 2ab.", "“po1 2ab”, “Head”"),
        ("Sam Deputy asks.", "“Sam Deputy”"),
    ],
)
def test_a_text_that_shows_whose_it_is_comes_back(signed: School, text: str, said: str) -> None:
    with signed.world.session() as session:
        session.execute(
            update(Organisation).where(Organisation.id == signed.organisation).values(postcode="PO1 2AB")
        )
        session.commit()
    share(signed)

    page = choose(signed, text)

    assert page.summary == [f"The text still shows whose it is. Take out {said}"]
    assert page.one("#text").get_text() == text
    assert rows(signed.world, PracticeChoice.text) == []


def test_who_signed_and_left_since_is_not_named_either(signed: School) -> None:
    share(signed)
    with signed.world.session() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == signed.organisation))
        session.commit()

    assert choose(signed, "Sam Deputy asks.").banner
    assert choose(signed, "Robin Head asks.").summary


def test_what_is_taken_back_leaves_the_draft_and_the_officers_are_told(signed: School) -> None:
    share(signed)
    choose(signed)
    head = signed.head()
    page = head.get(signed.address("/practice"))
    fields = page.fields()
    del fields[f"{KEY}-share"]

    said = head.post(signed.address("/practice"), fields)

    assert said.banner == ["1 text is taken back."]
    assert EDITED not in draft(signed)
    listed = signed.officer().get("/learning/1/school/practice")
    assert "1 text that you had chosen is not in the draft any more" in listed.text
    assert "Taken back" in listed.text
    assert "took it back" in signed.officer().get(OFFERED).text
    mail = [
        row
        for row in rows(signed.world, OutboxMail.subject, OutboxMail.recipient)
        if "taken back" in str(row[0])
    ]
    assert mail == [("A good-practice text that you chose was taken back", "officer@example.org")]
    assert rows(signed.world, Practice.text, Practice.version) == [("", 2)]
    assert rows(signed.world, PracticeChoice.text) == [("",)]
    assert _trail(signed.world, "practice taken back") == ['{"key":"bullying"}']


def test_what_nobody_chose_is_taken_back_without_a_mail(signed: School) -> None:
    share(signed)
    before = len(rows(signed.world, OutboxMail.id))
    head = signed.head()
    fields = head.get(signed.address("/practice")).fields()
    del fields[f"{KEY}-share"]

    head.post(signed.address("/practice"), fields)

    assert rows(signed.world, Practice.text) == [("",)]
    assert len(rows(signed.world, OutboxMail.id)) == before


def test_a_page_that_was_opened_before_a_text_was_shared_takes_nothing_back(signed: School) -> None:
    head = signed.head()
    old = head.get(signed.address("/practice"))
    share(signed)

    head.send(old, **{"pupil-voice-share": "yes"})

    assert {row[0] for row in rows(signed.world, Practice.key)} == {KEY, "pupil-voice"}
    assert MINE in {row[0] for row in rows(signed.world, Practice.text)}


def test_a_text_that_changed_after_it_was_chosen_is_chosen_again_first(signed: School) -> None:
    share(signed)
    choose(signed)

    share(signed, "We changed our mind about a word.")

    assert EDITED not in draft(signed)
    assert "Changed since" in signed.officer().get("/learning/1/school/practice").text
    assert "chose on" in signed.officer().get(OFFERED).text
    choose(signed)
    assert EDITED in draft(signed)


def test_what_is_printed_stays_and_the_school_sees_that_it_is(signed: School) -> None:
    share(signed)
    choose(signed)
    officer, head = signed.officer(), signed.head()
    officer.send(officer.get("/learning/1/school/publish"))

    page = head.get(signed.address("/practice"))
    assert "Printed in the learning summary of 5 October 2026 at 10:30am, where it stays" in page.text
    fields = page.fields()
    del fields[f"{KEY}-share"]
    head.post(signed.address("/practice"), fields)

    assert EDITED in head.get("/learning/1/school").text
    assert EDITED in str(rows(signed.world, LearningSummary.values))
    assert EDITED not in draft(signed)


def test_an_officer_prints_nothing_again(signed: School) -> None:
    share(signed)
    choose(signed)
    officer = signed.officer()

    page = officer.send(officer.get(OFFERED))

    assert page.banner == ["No text is chosen for this question now."]
    assert EDITED not in draft(signed)
    assert rows(signed.world, PracticeChoice.key) == []
    assert len(_trail(signed.world, "practice left out")) == 1


def test_of_two_officers_the_second_one_finds_what_the_first_did(signed: School) -> None:
    share(signed)
    officer = signed.officer()
    old = officer.get(f"{OFFERED}/{signed.return_id}")
    choose(signed)
    choose(signed, "Another colleague's words.")

    page = officer.send(old, text="My own words.")

    assert page.summary == ["Somebody changed this after you opened the page. Look again, then choose"]
    assert page.one("#text").get_text() == "My own words."
    assert rows(signed.world, PracticeChoice.text) == [("Another colleague's words.",)]
    assert officer.send(page).banner[0].startswith("The text is chosen.")


def test_an_old_page_prints_nothing_less(signed: School) -> None:
    share(signed)
    choose(signed)
    officer = signed.officer()
    old = officer.get(OFFERED)
    choose(signed, "Better words.")

    page = officer.send(old)

    assert "A colleague changed the choice" in page.banner[0]
    assert rows(signed.world, PracticeChoice.text) == [("Better words.",)]


def test_a_text_that_changed_while_the_officer_edited_is_shown_first(signed: School) -> None:
    share(signed)
    officer = signed.officer()
    old = officer.get(f"{OFFERED}/{signed.return_id}")
    share(signed, "Not what you read.")

    page = officer.send(old, text=EDITED)

    assert page.summary == ["Somebody changed this after you opened the page. Look again, then choose"]
    assert "Not what you read." in page.text
    assert rows(signed.world, PracticeChoice.text) == []


def test_what_is_not_offered_is_not_found(signed: School) -> None:
    officer = signed.officer()

    for rest in (f"{KEY}/{signed.return_id}", "no-such-key", f"{KEY}/999", "conduct/1"):
        assert officer.get(f"/learning/1/school/practice/{rest}").status == 404
    assert officer.get("/learning/1/voluntary/practice").status == 404
    assert officer.post(f"{OFFERED}/{signed.return_id}", {"text": "x", "version": "0"}).status == 404
    assert officer.post("/learning/1/school/practice/no-such-key/none", {"version": "0"}).status == 404


def test_what_was_agreed_goes_on_in_a_number_that_is_signed_again(signed: School) -> None:
    """The officer's choice stands too, and the number before offers nothing any more."""
    share(signed)
    choose(signed)

    again = _signed_again(signed)

    page = again.head().get(again.address("/practice"))
    assert page.one(f"#{KEY}-share").has_attr("checked")
    assert EDITED in draft(again)
    assert rows(signed.world, Practice.return_id, Practice.version) == [(again.return_id, 1)]
    old = signed.head().get(signed.address("/practice"))
    assert "Another number of this return counts now." in old.banner[0]
    assert old.address.endswith(again.address("/practice"))


def test_until_the_next_number_is_signed_the_one_before_is_offered(signed: School) -> None:
    share(signed)
    choose(signed)

    again = _reopened(signed)

    assert EDITED in draft(signed)
    assert again.head().get(again.address("/practice")).h1 == "Larkfield School"
    assert signed.head().get(signed.address("/practice")).h1 == "Share what works"


def test_what_is_graded_weak_when_it_is_signed_again_is_offered_no_longer(signed: School) -> None:
    share(signed)
    share(signed, "The council meets.", "pupil-voice")
    choose(signed)

    again = _signed_again(signed, weak=KEY)

    assert EDITED not in draft(again)
    kept = sorted(rows(signed.world, Practice.return_id, Practice.key, Practice.text))
    assert kept == [(signed.return_id, KEY, ""), (again.return_id, "pupil-voice", "The council meets.")]
    assert "Taken back" in again.officer().get("/learning/1/school/practice").text


def test_nothing_of_it_is_in_what_was_signed(signed: School) -> None:
    before = rows(signed.world, SignOff.content, SignOff.content_hash)
    share(signed)
    choose(signed)
    again = _signed_again(signed)

    contents = rows(signed.world, SignOff.content, SignOff.content_hash)

    assert before[0] in contents
    assert MINE not in str(contents)
    assert EDITED not in str(contents)
    assert "was signed" in again.head().get(signed.address("/verify")).text


def test_a_setting_may_share_again_what_it_took_back(signed: School) -> None:
    share(signed)
    head = signed.head()
    fields = head.get(signed.address("/practice")).fields()
    del fields[f"{KEY}-share"]
    head.post(signed.address("/practice"), fields)

    assert head.get(signed.address("/practice")).fields()[f"{KEY}-text"] == EVIDENCE
    share(signed, "Once more.")

    assert rows(signed.world, Practice.text, Practice.version, Practice.withdrawn_at) == [
        ("Once more.", 3, None)
    ]


def test_a_four_area_bodys_text_is_offered_to_each_partnership_but_where_it_is_weak(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    """One text is agreed for all of them; the exception of one of them is weak there."""
    here, there = world.partnership(), world.partnership("Elsewhere", ["902"])
    body = world.organisation("The Force", areas=["901", "902"], setting="hips")
    cycle = world.cycle(here, there, settings=["hips"])
    world.person("Chief", making.signatory(body), email="chief@example.org")
    for name, place in (("Near", here), ("Far", there)):
        world.person(name, making.officer(place), email=f"{name.lower()}@example.org")
    made = world.signed(cycle, body, {KEY: GOOD, "conduct": GOOD}, setting="hips")
    with world.session() as session:
        session.execute(update(AnswerTable).values(evidence=EVIDENCE))
        session.commit()
    excepted = {"return_id": made, "partnership_id": there, "grade": WEAK, "not_applicable": False}
    world.insert(Exception_, [{**excepted, "key": KEY, "note": "A new team."}])
    chief = visit("chief@example.org")

    page = chief.get(f"/returns/{made}/practice")
    assert "Wexcombe Partnership, Elsewhere" in page.text
    chief.send(page, **{f"{KEY}-share": "yes", "conduct-share": "yes"})

    near, far = (visit(f"{each}@example.org") for each in ("near", "far"))
    for key, offered in ((KEY, (True, False)), ("conduct", (True, True))):
        found = [
            "The Force" in each.get(f"/learning/{cycle}/hips/practice/{key}").text for each in (near, far)
        ]
        assert tuple(found) == offered


def test_one_partnerships_choice_is_none_of_anothers(world: World, visit: Callable[[str], Visitor]) -> None:
    here, there = world.partnership(), world.partnership("Elsewhere", ["902"])
    school = world.organisation(areas=["901", "902"])
    cycle = world.cycle(here, there)
    for name, place in (("Near", here), ("Far", there)):
        world.person(name, making.officer(place), email=f"{name.lower()}@example.org")
    made = world.signed(cycle, school, {KEY: GOOD})
    agreed = {"return_id": made, "key": KEY, "text": MINE, "version": 1, "agreed_at": NOW, "agreed_by": 1}
    world.insert(Practice, [agreed])
    near, far = (visit(f"{each}@example.org") for each in ("near", "far"))

    near.send(near.get(f"/learning/{cycle}/school/practice/{KEY}/{made}"), text=EDITED)

    assert EDITED in near.get(f"/learning/{cycle}/school/practice").text
    assert EDITED not in far.get(f"/learning/{cycle}/school/practice").text


def test_the_pages_take_as_many_questions_for_many_offers_as_for_one(signed: School, engine: Engine) -> None:
    share(signed)
    officer = signed.officer()
    pages = ("/learning/1/school/practice", OFFERED)
    for page in pages:
        officer.get(page)
    asked = [_counted(engine, officer, page) for page in pages]
    with signed.world.session() as session:
        session.execute(update(AnswerTable).values(evidence=EVIDENCE))
        session.commit()
    agreed = {"key": KEY, "text": MINE, "version": 1, "agreed_at": NOW, "agreed_by": 1}
    others = sorted(
        int(str(row[0])) for row in rows(signed.world, AnswerTable.return_id) if row[0] != signed.return_id
    )
    signed.world.insert(Practice, [{**agreed, "return_id": each} for each in dict.fromkeys(others)])
    for page in pages:
        officer.get(page)  # what is read for the first time of a day is written down, each by itself

    assert [_counted(engine, officer, page) for page in pages] == asked
    assert "Other School 9" in officer.get(OFFERED).text


def _counted(engine: Engine, visitor: Visitor, address: str) -> int:
    with _counting(engine) as found:
        assert visitor.get(address).status == 200
    return len(found)


@contextmanager
def _counting(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield said
    event.remove(engine, "before_cursor_execute", listen)


def _trail(world: World, what: str) -> list[object]:
    with world.session() as session:
        found = session.scalars(select(TrailEntry.detail).where(TrailEntry.what == what))
        return list(found)


def _reopened(school: School) -> School:
    officer = school.officer()
    page = officer.send(officer.get(school.address("/reopen")), reason="Look again.")
    return replace(school, return_id=int(page.address.rsplit("/", 1)[1]))


def _signed_again(school: School, weak: str = "") -> School:
    again = _reopened(school)
    if weak:
        with again.world.session() as session:
            place = (AnswerTable.return_id == again.return_id, AnswerTable.key == weak)
            session.execute(update(AnswerTable).where(*place).values(grade=WEAK))
            session.commit()
        head = again.head()
        page = head.get(again.address(f"/actions/new/{weak}"))
        head.send(page, what="Begin anew", lead="The head", due="31 3 2027")
    assert "Return signed" in again.sign().text
    return again
