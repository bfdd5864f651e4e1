"""The learning summary: what is shown outside the desk, published, and read."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from compact.access.values import Grant, Role
from tests import making
from tests.making import World
from tests.pages import Page, Visitor
from tests.publishing import publish, write

GOOD, WEAK = "good", "requires_improvement"


def test_a_row_that_fewer_than_five_graded_is_hidden_and_not_flagged(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    page = _published(world, visit, [{"bullying": WEAK, "conduct": GOOD}] * 4 + [{"conduct": GOOD}])

    assert "not shown" in _row(page, "How bullying is looked after")
    assert "No question was found hard by more than 9% of those who graded it." in page.text
    assert "0 of 5 (0.00%)" in _row(page, "How conduct is looked after")


def test_a_total_counts_the_rows_that_are_shown_and_no_others(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    """The four who are weak in the hidden row are nowhere in the standard's count."""
    page = _published(world, visit, [{"bullying": WEAK, "pupil-voice": GOOD}] * 4 + [{"pupil-voice": WEAK}])

    section = page.one("section[aria-labelledby=standard-4]")
    assert "1 of 5 (20.00%)" in section.get_text()
    assert "1 question is not shown and not counted here." in section.get_text()
    assert "1 of 5 (20.00%)" in _row(page, "How pupil voice is looked after")
    bars = page.soup.select("svg.app-drawing--bars")[0]["aria-label"]
    assert (
        "4. Service development and voice: 1 of 5 (20.00%), flagged: "
        "Outstanding 0, Good 4, Requires improvement 1, Inadequate 0"
    ) in bars


def test_a_standard_of_hidden_rows_alone_has_no_total(world: World, visit: Callable[[str], Visitor]) -> None:
    page = _published(world, visit, [{"leadership": GOOD, "bullying": WEAK}] * 4 + [{"leadership": WEAK}])

    section = page.one("section[aria-labelledby=standard-4]")
    assert "Not shown, because too few graded it." in section.get_text()
    assert not re.search("[0-9]+ of [0-9]+", section.get_text())


def test_what_was_hidden_once_stays_hidden_in_the_round(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    """Else the one who signed between two numbers would be known to have graded it."""
    _published(world, visit, [{"bullying": WEAK, "conduct": GOOD}] * 4 + [{"conduct": GOOD}])
    world.signed(1, world.organisation("Late School"), {"bullying": GOOD, "conduct": GOOD})
    officer = visit("officer@example.org")

    page = publish(officer, 1)

    assert "not shown" in _row(page, "How bullying is looked after")
    assert "0 of 6 (0.00%)" in _row(page, "How conduct is looked after")


def test_a_row_too_small_in_one_partnerships_view_is_hidden_in_each(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    """Else the difference of two partnerships' papers would be the answer of a single body."""
    near, far = world.partnership(), world.partnership("Elsewhere", ["902"])
    cycle = world.cycle(near, far)
    for number in range(6):
        body = world.organisation(f"School {number}", areas=["901", "902"] if number < 4 else ["901"])
        world.signed(cycle, body, {"bullying": WEAK})
    world.person("Officer", making.officer(near))
    officer = visit("officer@example.org")

    page = publish(officer, cycle)

    assert "not shown" in _row(page, "How bullying is looked after")


def test_a_flagged_indicator_comes_with_counts_advice_example_and_basis(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    page = _published(world, visit, [{"bullying": WEAK}] * 2 + [{"bullying": GOOD}] * 10)

    advice = page.one("section[aria-labelledby=advice-bullying]").get_text(" ")
    assert "2 of 12 (16.67%)" in advice
    assert "Within four weeks, the head looks at bullying." in advice
    assert "One school wrote down its bullying." in advice
    assert "Keeping children safe in education, Part two, in force from 1 September 2025" in advice


def test_one_of_twelve_is_not_flagged_and_one_of_eleven_is_and_says_why(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    first, others = {"bullying": WEAK, "conduct": WEAK}, {"bullying": GOOD, "conduct": GOOD}
    page = _published(world, visit, [first, *[others] * 10, {"conduct": GOOD}])

    assert not page.soup.select("section[aria-labelledby=advice-conduct]")
    advice = page.one("section[aria-labelledby=advice-bullying]").get_text(" ")
    assert "one organisation alone would pass the mark" in advice


def test_the_bar_says_in_words_what_it_shows(world: World, visit: Callable[[str], Visitor]) -> None:
    page = _published(world, visit, [{"leadership": GOOD}] * 4 + [{"leadership": WEAK}])

    bars = page.one("svg.app-drawing--bars")
    assert str(bars["aria-label"]).startswith(
        "Grades by standard. 1. Leadership commitment: 1 of 5 (20.00%), flagged: Outstanding 0, Good 4, "
        "Requires improvement 1, Inadequate 0; 2. Staff responsibilities: Not shown: too few graded it; "
    )


def test_published_values_stay_when_a_return_comes_later(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    before = _published(world, visit, [{"bullying": GOOD}] * 5)
    late = world.organisation("Late School")
    world.signed(1, late, {"bullying": WEAK})

    after = visit("head@example.org").get("/learning/1/school")

    assert _row(after, "How bullying") == _row(before, "How bullying")


def test_publishing_again_takes_the_place_of_the_first(world: World, visit: Callable[[str], Visitor]) -> None:
    _published(world, visit, [{"bullying": GOOD}] * 5)
    late = world.organisation("Late School")
    world.signed(1, late, {"bullying": WEAK})
    officer = visit("officer@example.org")

    page = publish(officer, 1, foreword="Thank you all.")

    assert "1 of 6 (16.67%)" in _row(page, "How bullying")
    assert "Thank you all." in page.text


def test_the_foreword_is_text(world: World, visit: Callable[[str], Visitor]) -> None:
    page = _published(world, visit, [{"bullying": GOOD}] * 5, foreword="<script>alert(1)</script> {{ 7*7 }}")

    assert "<script>alert(1)</script> {{ 7*7 }}" in page.text


def test_a_foreword_over_its_limit_is_shown_again(world: World, visit: Callable[[str], Visitor]) -> None:
    _schools(world, [{"bullying": GOOD}])
    officer = visit("officer@example.org")

    page = write(officer, "/learning/1/school", "foreword", "x" * 5001)

    assert page.summary == ["The foreword is 5,001 characters long; it can have 5,000"]
    assert page.fields()["text"] == "x" * 5001


def test_everybody_of_the_partnerships_settings_reads_it_and_nobody_else(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    _published(world, visit, [{"bullying": GOOD}] * 5)
    nursery = world.organisation("Acorn", setting="early_years")
    elsewhere = world.partnership("Elsewhere", ["902"])
    far = world.organisation("Far School", areas=["902"])
    world.person("Nursery Owner", making.signatory(nursery))
    world.person("Far Head", making.signatory(far))
    world.person("Far Officer", making.officer(elsewhere))
    world.person("Admin", Grant(Role.ADMINISTRATOR))

    seen = {
        name: visit(f"{name}@example.org").get("/learning/1/school").status
        for name in ("nursery.owner", "far.head", "far.officer", "admin")
    }

    assert seen == {"nursery.owner": 200, "far.head": 404, "far.officer": 404, "admin": 404}


def test_what_is_not_published_does_not_exist(world: World, visit: Callable[[str], Visitor]) -> None:
    _schools(world, [{"bullying": GOOD}] * 5)

    assert visit("head@example.org").get("/learning/1/school").status == 404
    assert visit("head@example.org").get("/learning/1/school.csv").status == 404


def test_of_a_round_that_has_not_begun_nothing_is_written_or_published(
    world: World, visit: Callable[[str], Visitor]
) -> None:
    """It can still be removed; nobody's text would go with it."""
    partnership = world.partnership()
    world.cycle(partnership, opens=date(2027, 1, 11), closes=date(2027, 3, 1))
    world.person("Officer", making.officer(partnership))
    officer = visit("officer@example.org")

    assert not officer.get("/analysis/1/school").soup.find_all("a", string="Prepare the learning summary")
    assert officer.get("/learning/1/school/publish").status == 404
    assert officer.get("/learning/1/school/write/foreword").status == 404


def test_the_csv_holds_the_published_values(world: World, visit: Callable[[str], Visitor]) -> None:
    _published(world, visit, [{"bullying": WEAK, "pupil-voice": GOOD}] * 4 + [{"pupil-voice": WEAK}])

    answer = visit("head@example.org").get("/learning/1/school.csv").response

    lines = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines[0] == "sector,standard,indicator,title,graded,weak,share,flagged"
    assert "school,4,bullying,how bullying is looked after,not shown,,," in lines
    assert "school,4,pupil-voice,how pupil voice is looked after,5,1,20.00,yes" in lines
    assert "school,4,,Service development and voice,5,1,20.00,yes" in lines
    assert "school,1,,Leadership commitment,not shown,,," in lines
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="learning-schools-compact-2026-wexcombe-partnership.csv"'
    )


def test_home_lists_what_was_published(world: World, visit: Callable[[str], Visitor]) -> None:
    _published(world, visit, [{"bullying": GOOD}] * 5)

    page = visit("head@example.org").get("/")

    assert page.link("Schools, Compact 2026")["href"] == "/learning/1/school?partnership=1"


def _schools(world: World, grades: list[dict[str, str]]) -> None:
    """A round in which schools sign with these grades; the first has a head, the partnership an officer."""
    partnership = world.partnership()
    schools = [world.organisation(f"School {number}") for number in range(len(grades))]
    cycle = world.cycle(partnership)
    for school, given in zip(schools, grades, strict=True):
        world.signed(cycle, school, _optional(given))
    world.person("Head", making.signatory(schools[0]))
    world.person("Officer", making.officer(partnership))


def _optional(given: Mapping[str, str]) -> dict[str, str | None]:
    return dict(given)


def _published(
    world: World, visit: Callable[[str], Visitor], grades: list[dict[str, str]], foreword: str = ""
) -> Page:
    """The summary as the head of the first school reads it after an officer published it."""
    _schools(world, grades)
    officer = visit("officer@example.org")
    publish(officer, 1, foreword=foreword)
    return visit("head@example.org").get("/learning/1/school")


def _row(page: Page, begins: str) -> str:
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("tbody tr")]
    return next(row for row in rows if row.startswith(begins))
