"""A standard's page: saving, errors, and coming back."""

from tests.school import School

FOUR = "/standards/4"


def test_a_missing_grade_is_named_at_the_top_and_beside_its_field(school: School) -> None:
    head = school.head()

    page = head.send(head.get(school.address(FOUR)), pupil_voice_grade="good", then="continue")

    assert page.title == "Error: Standard 4, Service development and voice"
    assert page.summary == ["Choose a grade for how bullying is looked after"]
    assert page.target("Choose a grade for how bullying")["name"] == "bullying-grade"


def test_what_is_right_is_saved_beside_what_is_missing(school: School) -> None:
    head = school.head()

    head.send(head.get(school.address(FOUR)), pupil_voice_grade="good", then="continue")

    assert head.get(school.address(FOUR)).fields()["pupil-voice-grade"] == "good"


def test_a_complete_standard_leads_back_to_the_task_list(school: School) -> None:
    head = school.head()

    page = head.send(
        head.get(school.address(FOUR)),
        bullying_grade="good",
        pupil_voice_grade="outstanding",
        then="continue",
    )

    assert page.h1 == "Larkfield School"
    assert page.banner == ["Standard 4 is saved."]
    assert "1 of 11 standards are complete. 2 of 12 questions are answered." in page.text


def test_a_weak_grade_leads_to_its_action(school: School) -> None:
    head = school.head()

    page = head.send(
        head.get(school.address(FOUR)), bullying_grade="inadequate", pupil_voice_grade="good", then="continue"
    )

    assert page.h1 == "Actions for what needs to improve"
    assert "How bullying is looked after" in page.text


def test_saving_for_later_asks_for_nothing(school: School) -> None:
    head = school.head()

    page = head.send(head.get(school.address(FOUR)), bullying_evidence="A log, half written", then="later")

    assert page.banner == ["Your answers are saved. You can come back to them at any time."]
    assert head.get(school.address(FOUR)).fields()["bullying-evidence"] == "A log, half written"


def test_not_applicable_without_a_reason_is_asked_for_it(school: School) -> None:
    head = school.head()

    page = head.send(
        head.get(school.address(FOUR)),
        bullying_grade="not_applicable",
        pupil_voice_grade="good",
        then="continue",
    )

    assert page.summary == ["Enter why this does not apply: how bullying is looked after"]
    assert page.target("Enter why this does not apply")["name"] == "bullying-reason"


def test_typed_text_comes_back_to_the_letter(school: School) -> None:
    head = school.head()
    typed = "\n  First line\n\n\tindented & <b>bold</b>\n=SUM(A1) “quoted” 👩‍🏫  \n"

    head.send(head.get(school.address(FOUR)), bullying_evidence=typed, then="later")

    assert head.get(school.address(FOUR)).fields()["bullying-evidence"] == typed


def test_saving_twice_changes_nothing_the_second_time(school: School) -> None:
    head = school.head()
    head.send(head.get(school.address(FOUR)), bullying_grade="good", then="later")

    head.send(head.get(school.address(FOUR)), then="later")

    fields = head.get(school.address(FOUR)).fields()
    assert (fields["bullying-grade"], fields["bullying-version"]) == ("good", "1")


def test_a_standard_that_is_not_asked_has_no_page(school: School) -> None:
    assert school.head().get(school.address("/standards/12")).status == 404


def test_a_standard_waits_for_the_profile(school: School) -> None:
    other = school.world.started(school.world.cycle(1, name="Another"), school.organisation)

    page = school.head().get(f"/returns/{other}{FOUR}")

    assert page.h1 == "About your setting"


def test_an_officer_reads_and_has_nothing_to_save(school: School) -> None:
    page = school.officer().get(school.address(FOUR))

    assert page.h1 == "Standard 4, Service development and voice"
    assert not page.soup.select("main form")
