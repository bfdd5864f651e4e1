"""A signatory shares texts of a signed return, and takes them back; signing again carries them on."""

import pytest

from compact.mail.models import OutboxMail
from compact.practice import store
from compact.practice.models import Practice, PracticeChoice
from compact.practice.store import NotCounting
from compact.reports.models import LearningSummary
from compact.returns import reading
from compact.sign_off.models import SignOff
from tests.publishing import publish
from tests.reports.sharing import (
    EDITED,
    EVIDENCE,
    KEY,
    MINE,
    OFFERED,
    choose,
    draft,
    reopened,
    rows,
    share,
    signed_again,
    trail,
)
from tests.school import School


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
    assert trail(signed.world, "practice shared") == ['{"key":"bullying","version":1}']


def test_what_is_already_shared_is_left_alone(signed: School) -> None:
    share(signed)

    assert share(signed).banner == ["Nothing was changed."]
    assert len(trail(signed.world, "practice shared")) == 1


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
    of_key = signed.officer().get(OFFERED)
    assert "took it back" in of_key.text
    assert "Nothing is offered for this question now." in of_key.text
    mail = [
        row
        for row in rows(signed.world, OutboxMail.subject, OutboxMail.recipient)
        if "taken back" in str(row[0])
    ]
    assert mail == [("A good-practice text that you chose was taken back", "officer@example.org")]
    assert rows(signed.world, Practice.text, Practice.version) == [("", 2)]
    assert rows(signed.world, PracticeChoice.text) == [("",)]
    assert trail(signed.world, "practice taken back") == ['{"key":"bullying"}']


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


def test_what_is_printed_stays_and_the_school_sees_that_it_is(signed: School) -> None:
    share(signed)
    choose(signed)
    officer, head = signed.officer(), signed.head()
    publish(officer, 1)

    page = head.get(signed.address("/practice"))
    assert "Printed in the learning summary of 5 October 2026 at 10:30am, where it stays" in page.text
    fields = page.fields()
    del fields[f"{KEY}-share"]
    head.post(signed.address("/practice"), fields)

    assert EDITED in head.get("/learning/1/school").text
    assert EDITED in str(rows(signed.world, LearningSummary.values))
    assert EDITED not in draft(signed)


def test_what_was_agreed_goes_on_in_a_number_that_issigned_again(signed: School) -> None:
    """The officer's choice stands too, and the number before offers nothing any more."""
    share(signed)
    choose(signed)

    again = signed_again(signed)

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

    again = reopened(signed)

    assert EDITED in draft(signed)
    assert again.head().get(again.address("/practice")).h1 == "Larkfield School"
    assert signed.head().get(signed.address("/practice")).h1 == "Share what works"


def test_what_is_graded_weak_when_it_is_signed_again_is_offered_no_longer(signed: School) -> None:
    share(signed)
    share(signed, "The council meets.", "pupil-voice")
    choose(signed)

    again = signed_again(signed, weak=KEY)

    assert EDITED not in draft(again)
    kept = sorted(rows(signed.world, Practice.return_id, Practice.key, Practice.text))
    assert kept == [(signed.return_id, KEY, ""), (again.return_id, "pupil-voice", "The council meets.")]
    assert "Taken back" in again.officer().get("/learning/1/school/practice").text


def test_nothing_of_it_is_in_what_was_signed(signed: School) -> None:
    before = rows(signed.world, SignOff.content, SignOff.content_hash)
    share(signed)
    choose(signed)
    again = signed_again(signed)

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


def test_what_is_signed_again_meanwhile_is_looked_at_again(
    signed: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the lock it is asked once more which number counts."""
    again = signed_again(signed)
    with signed.world.session() as session:
        for return_id, counts in ((signed.return_id, False), (again.return_id, True)):
            row = reading.find_return(session, return_id, None)
            assert row is not None
            if counts:
                store.lock_counting(session, row)
            else:
                with pytest.raises(NotCounting):
                    store.lock_counting(session, row)

    def refuse(*_place: object) -> None:
        raise NotCounting

    monkeypatch.setattr(store, "lock_counting", refuse)
    head = again.head()
    page = head.send(head.get(again.address("/practice")), **{f"{KEY}-share": "yes"})

    assert "Another number of this return counts now." in page.banner[0]
    assert rows(signed.world, Practice.key) == []
