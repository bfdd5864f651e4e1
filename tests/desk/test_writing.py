"""Writing to a stage, a sector or one organisation, in the partnership's own words."""

import pytest
from flask import Flask
from sqlalchemy import select

from compact.desk.models import RoundMail, Wording
from compact.desk.rules import Kind
from compact.desk.wordings import OWN
from compact.returns.rules import Answer
from tests import making
from tests.desk.conftest import SCHOOLS, Desk, head_of
from tests.faults.test_signing import at_once, posting, twin
from tests.making import ASKED_SCHOOL_KEYS, FOOT, SIGNATURE
from tests.pages import Page

ASHFIELD, BIRCHFIELD, CEDARFIELD, *OTHERS = SCHOOLS
TEXT = "Dear {name},\n\nplease go on: {link}\n\n{partnership}"


def write(desk: Desk, look: str, **changes: str) -> Page:
    officer = desk.officer
    return officer.send(officer.get(desk.address(f"/write{look}")), **{"then": "send", **changes})


def test_a_stage_is_written_to_and_nobody_else(desk: Desk) -> None:
    desk.started(ASHFIELD, answered=len(ASKED_SCHOOL_KEYS))
    desk.started(BIRCHFIELD)
    desk.signed(CEDARFIELD)

    page = write(desk, "?show=never_opened")

    assert page.banner == ["2 mails were written."]
    assert desk.recipients() == [head_of(each) for each in OTHERS]
    assert {mail.subject for mail in desk.mails()} == {
        f"The self-assessment of {each} has not been opened yet" for each in OTHERS
    }
    write(desk, "?show=waiting")
    assert desk.mails()[-1].subject == "The self-assessment of Ashfield School waits for its signature"
    assert "http://localhost/returns/1\n" in desk.mails()[-1].text


def test_a_preview_shows_the_mail_as_its_reader_gets_it_and_sends_nothing(desk: Desk) -> None:
    page = write(desk, "?show=never_opened", then="preview", subject="{round}", text=TEXT)

    assert "Dear Head of Ashfield School," in page.text
    assert page.fields()["text"] == TEXT
    assert desk.mails() == []


def test_what_was_previewed_is_what_is_sent(desk: Desk) -> None:
    officer = desk.officer
    page = officer.get(desk.address("/write"))
    preview = officer.send(page, then="preview", subject="{round}", text=TEXT)

    officer.send(preview, then="send")

    first = desk.mails()[0]
    assert first.subject == "Compact 2026"
    assert first.text.startswith("Dear Head of Ashfield School,\n\nplease go on: http://localhost/")
    assert "\n\nWexcombe Partnership\n" in first.text
    assert "If you need help, ask Wexcombe Partnership: The officers" in preview.text
    assert first.text.endswith(FOOT)


def test_an_unknown_mark_is_named_and_nothing_is_sent(desk: Desk) -> None:
    """1.3.7: nothing but the known marks is replaced, and what looks like one is refused."""
    page = write(desk, "", text="{{ config }} {child}", subject="Hello")

    assert [each.split(".")[0] for each in page.summary] == [
        "There is no mark { config }",
        "There is no mark {child}",
    ]
    assert page.fields()["text"] == "{{ config }} {child}"
    assert desk.mails() == []


def test_a_message_in_which_nothing_is_written_yet_is_neither_shown_nor_sent(desk: Desk) -> None:
    """The draft of a message has only its greeting and its link: 52 heads would wonder what it is about."""
    officer = desk.officer
    page = officer.get(desk.address("/write"))

    for then in ("preview", "send"):
        refused = officer.send(page, then=then)

        assert refused.summary == ["Write your message: it has only a greeting and the link so far"]
    assert desk.mails() == []


def test_a_second_press_of_the_button_sends_nothing(desk: Desk) -> None:
    """D9: also of the same page, much later."""
    officer = desk.officer
    page = officer.get(desk.address("/write"))

    officer.send(page, then="send", text=TEXT)
    again = officer.send(page, then="send", text=TEXT)

    assert again.banner == ["No mail was written: nobody is left who was not told."]
    assert desk.recipients() == [head_of(each) for each in SCHOOLS]


def test_d9_pressed_at_once_it_is_sent_once(desk: Desk, app: Flask) -> None:
    officer = desk.officer
    data = {**officer.get(desk.address("/write")).fields(), "text": TEXT, "then": "send"}

    at_once([posting(twin(app, officer), desk.address("/write"), data) for _ in range(6)])

    assert desk.recipients() == [head_of(each) for each in SCHOOLS]


def test_i7_who_signs_while_the_page_is_open_gets_no_mail(desk: Desk) -> None:
    """I7: it is looked at when the mail is written, not when the page was."""
    officer = desk.officer
    page = officer.get(desk.address("/write"))
    desk.signed(ASHFIELD)

    officer.send(page, then="send", text=TEXT)

    assert desk.recipients() == [head_of(each) for each in SCHOOLS[1:]]


def test_i7_signing_drops_what_was_not_sent_yet(desk: Desk) -> None:
    """I7: a reminder that lies in the outbox is not sent any more; mails to others are."""
    made = desk.started(ASHFIELD)
    desk.world.answer(made, dict.fromkeys(ASKED_SCHOOL_KEYS, Answer("good")))
    write(desk, "", text=TEXT)
    head = desk.visit(head_of(ASHFIELD))

    head.send(head.get(f"/returns/{made}/sign-off"), **SIGNATURE)

    waiting = {mail.recipient: mail.subject for mail in desk.mails() if mail.next_try_at}
    assert set(waiting) == {head_of(each) for each in SCHOOLS}
    assert waiting[head_of(ASHFIELD)].startswith("Receipt")
    dropped = [mail for mail in desk.mails() if mail.failed_at]
    assert [mail.last_error for mail in dropped] == ["recalled"]


def test_i7_nobody_is_left_to_write_to_who_has_signed_or_is_excused(desk: Desk) -> None:
    desk.signed(ASHFIELD)
    for look in ("?show=signed", "?show=excused", f"?organisation={desk.schools[ASHFIELD]}"):
        page = desk.officer.get(desk.address(f"/write{look}"))
        assert "Nobody is left to write to" in page.text
        assert page.soup.select("main form") == []


def test_one_organisation_is_written_to(desk: Desk) -> None:
    page = write(desk, f"?organisation={desk.schools[BIRCHFIELD]}")

    assert page.h1 == BIRCHFIELD
    assert desk.recipients() == [head_of(BIRCHFIELD)]
    assert "never opened, to Head of Birchfield School, from Ellis Officer. Waiting to be sent." in page.text


def test_one_of_another_area_is_not_written_to(desk: Desk) -> None:
    """A1: by no id."""
    other = desk.world.partnership("Northmoor", areas=("902",))
    there = desk.world.organisation("Far School", areas=("902",))
    desk.world.person("Far Head", making.signatory(there))
    desk.cycle = desk.world.cycle(desk.partnership, other, name="Shared", settings=("school",))

    assert desk.officer.get(desk.address(f"/write?organisation={there}")).status == 404
    write(desk, "", text=TEXT)
    assert desk.recipients() == [head_of(each) for each in SCHOOLS]


def test_a_message_to_one_sector(desk: Desk) -> None:
    nursery = desk.world.organisation("Acorn Nursery", setting="early_years")
    desk.world.person("Owner", making.signatory(nursery), email="owner@example.org")
    desk.cycle = desk.world.cycle(desk.partnership, name="Both")

    write(desk, "?sector=early_years", subject="News", text="News of {round}.")

    assert [(mail.recipient, mail.text) for mail in desk.mails()] == [
        ("owner@example.org", f"News of Both.\n{FOOT}")
    ]


def test_i9_a_mail_holds_no_answer(desk: Desk) -> None:
    made = desk.started(ASHFIELD)
    desk.world.answer(made, {"bullying": Answer("inadequate", evidence="MARKER")})

    for look in ("?show=opened", ""):
        write(desk, look)

    text = "".join(f"{mail.subject} {mail.text}" for mail in desk.mails())
    assert "MARKER" not in text
    assert "bullying" not in text
    assert "nadequate" not in text


def test_a_partnership_has_its_own_words(desk: Desk) -> None:
    officer = desk.officer
    address = f"/partnerships/{desk.partnership}/wording"
    page = officer.get(f"{address}/launch")
    preview = officer.send(page, then="preview", subject="Ours", text=TEXT)
    assert "Dear Robin Ashdown," in preview.text
    assert "The service’s" in officer.get(address).text

    saved = officer.send(preview, then="save")
    desk.launch()

    assert saved.banner == ["“The round is open” is worded as you see it here."]
    assert "Yours" in officer.get(address).text
    assert {mail.subject for mail in desk.mails()} == {"Ours"}
    officer.send(saved, then="own")
    with desk.world.session() as session:
        assert session.scalars(select(Wording.kind)).all() == []
    assert officer.get(f"{address}/launch").fields()["subject"] == OWN[Kind.LAUNCH].subject


def test_a_wording_with_a_mistake_is_not_kept(desk: Desk) -> None:
    officer = desk.officer
    address = f"/partnerships/{desk.partnership}/wording/late"

    page = officer.send(officer.get(address), then="save", subject="", text="{nobody}")

    assert [each.split(".")[0] for each in page.summary] == [
        "Enter the subject of the mail",
        "There is no mark {nobody}",
    ]
    assert page.fields()["text"] == "{nobody}"
    assert officer.get(f"/partnerships/{desk.partnership}/wording/odd").status == 404
    assert officer.get("/partnerships/999/wording").status == 404


@pytest.mark.parametrize("name", ["Robin <img onerror=x>", "{link}", "Robin {secret}"])
def test_a_readers_name_stays_a_name(desk: Desk, name: str) -> None:
    """E: what somebody is called is never a mark, a secret or markup."""
    fern = desk.world.organisation("Fernfield School")
    desk.world.person(name, making.signatory(fern), email="fern@example.org")
    desk.cycle = desk.world.cycle(desk.partnership, name="Later")
    officer = desk.officer
    page = officer.get(desk.address(f"/write?organisation={fern}"))

    preview = officer.send(page, then="preview", text="Dear {name},")
    officer.send(preview, then="send")

    assert f"Dear {name.replace('{secret', '{⁠secret')}," in desk.mails()[0].text
    assert preview.soup.select("main img") == []
    with desk.world.session() as session:
        assert len(session.scalars(select(RoundMail.mail_id)).all()) == 1
