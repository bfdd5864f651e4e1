"""The annual statement as sentences and tables: on values alone."""

from dataclasses import replace

import pytest

from compact.reports.statement import PlansStand, SectorStands, Statement, state
from compact.reports.statement_words import Few, figures, kept, listed, of_them
from compact.reports.summary import Counts, Earlier, IndicatorRow, StandardRow, Summary, ThenRow

NOT_ASKED = "not asked"
Given = tuple[int, int] | str | None  # None: hidden
TITLES = {1: "Leadership commitment", 4: "Service development and voice", 12: "Commissioning"}


def test_one_standard_with_a_significant_share_is_said_to_be_the_only_one() -> None:
    text = _state(_summary("Schools", {1: (4, 53), 4: (9, 53)})).text

    assert (
        "For schools, standard 4, service development and voice, was the only one with a significant share: "
        "17% (9 of 53) said that practice could be improved."
    ) in text


def test_several_stand_in_the_order_of_their_shares() -> None:
    text = _state(_summary("Schools", {1: (6, 53), 4: (9, 53)})).text

    assert (
        "For schools, two standards had a significant share of organisations that said that practice could "
        "be improved: standard 4, service development and voice, with 17% (9 of 53); and standard 1, "
        "leadership commitment, with 11% (6 of 53)."
    ) in text


def test_sectors_in_which_none_stands_out_are_named_together() -> None:
    quiet = _summary("Nurseries", {1: (0, 30)}), _summary("Statutory bodies", {1: (1, 30)})

    text = _state(_summary("Schools", {4: (9, 53)}), *quiet).text

    assert "No single standard had a significant share for nurseries or statutory bodies." in text
    assert "for schools or" not in text


def test_where_one_alone_would_be_enough_the_statement_says_so() -> None:
    text = _state(_summary("Schools", {4: (1, 11)})).text

    assert "9.1% (1 of 11) said that practice could be improved. So few graded standard 4 that one" in text


def test_what_is_hidden_is_named_as_hidden_and_as_nothing_else() -> None:
    made = _state(_summary("Schools", {1: (0, 20), 4: None, 12: NOT_ASKED}), _summary("Nurseries", {4: None}))

    assert "Standard 4 is not shown for schools, because too few graded it." in made.text
    assert "Too few nurseries graded any standard for its figures to be shown." in made.text
    assert ("Schools", 4, TITLES[4], *["not shown"] * 5, 1) in list(made.tables[1].rows)
    assert "Commissioning" not in str(made), "it was not asked"


def test_a_sector_without_a_summary_gives_its_counts_alone() -> None:
    schools = SectorStands("Schools", 12, 10, _summary("Schools", {4: (0, 10)}))
    bodies = SectorStands("Four-area bodies", 12, 3)

    made = state("Compact 2026", "Wexcombe", [schools, bodies], PlansStand())

    assert "For Compact 2026, Wexcombe asked 24 organisations to assess" in made.text
    assert "schools (12) and four-area bodies (12)" in made.text
    assert "13 of them (54%) have signed a return." in made.text
    assert "For four-area bodies there is no summary published yet." in made.text
    organisations = [[str(cell) for cell in row] for row in made.tables[0].rows]
    assert organisations[1] == ["Four-area bodies", "12", "3", "25.00", "no summary published yet"]
    assert organisations[2] == ["All", "24", "13", "54.17", ""]


def test_without_any_summary_there_are_counts_and_nothing_else() -> None:
    made = state("Compact 2026", "Wexcombe", [SectorStands("Schools", 1, 0)], PlansStand())

    asked, unpublished = made.paragraphs
    assert asked == (
        "For Compact 2026, Wexcombe asked one organisation to assess how they keep children safe: "
        "schools (1). None of them has signed a return yet."
    )
    assert unpublished == "For schools there is no summary published yet."
    assert [each.name for each in made.tables] == ["Organisations"]


def test_nobody_due_is_said_plainly() -> None:
    made = state("Compact 2026", "Wexcombe", [SectorStands("Schools", 0, 0)], PlansStand())

    assert made.paragraphs[0] == "For Compact 2026, no organisation of Wexcombe is due to answer."


def test_change_is_told_of_the_newest_round_and_of_each_standard_that_is_or_was_significant() -> None:
    then = _earlier("Compact 2024", {"1": (2, 50, 2, 50), "4": (12, 48, 9, 53), "12": (1, 50, 2, 50)})
    before = _earlier("Compact 2022", {"4": (1, 40, 9, 53)})
    summary = _summary("Schools", {1: (2, 50), 4: (9, 53), 12: (2, 50)}, earlier=(then, before))

    made = _state(summary)

    assert (
        "Of the three standards of schools that can be compared with Compact 2024, the share is smaller in "
        "one, larger in one and the same in one. Standard 4, service development and voice, went from 25% "
        "(12 of 48) to 17% (9 of 53)."
    ) in made.text
    assert "Compact 2022" not in made.text
    assert [row[1] for row in made.tables[2].rows] == ["Compact 2024"] * 3 + ["Compact 2022"]
    assert [row[-1] for row in made.tables[2].rows] == ["the same", "fewer", "more", "more"]


def test_rounds_that_were_brought_in_are_named_as_such() -> None:
    earlier = _earlier("Forms of 2024", {"4": (12, 48, 9, 53)}, brought_in=True)

    text = _state(_summary("Schools", {4: (9, 53)}, earlier=(earlier,))).text

    assert (
        "In the one standard of schools that can be compared with Forms of 2024, whose figures came from "
        "earlier forms, the share is smaller."
    ) in text


def test_what_cannot_be_compared_is_said() -> None:
    nothing = _summary("Schools", {4: (9, 53)}, earlier=(_earlier("Compact 2024", {}),))

    assert "For schools no standard can be compared with an earlier round." in _state(nothing).text
    assert "no earlier figures" in _state(_summary("Schools", {4: (9, 53)})).text


PLANS = PlansStand(planned=26, replied=20, accepted=15, asked=14, written=9)


def test_plans_and_updates_are_told_in_one_paragraph() -> None:
    text = _state(_summary("Schools", {4: (9, 53)}), plans=PLANS).text

    assert (
        "26 organisations planned what they will do about questions that are shown here. The partnership has "
        "replied to 20 of them, and accepted the plans of 15 of them without sending anything back. Six "
        "months on, 14 of them were asked how their plan is going, and nine of them have written since."
    ) in text


@pytest.mark.parametrize(
    ("changed", "said", "never"),
    [
        ({"written": 3}, "and fewer than five of them have written", "3 of them"),
        ({"written": 12}, "and all but a few of them have written", "12 of them"),
        ({"replied": 25}, "replied to all but a few of them", "25"),
        ({"replied": 26, "accepted": 26}, "replied to all of them", "26 of them"),
        ({"asked": 0, "written": 0}, "None of them has been asked yet", "Six months on,"),
        (
            {"planned": 3, "replied": 3, "accepted": 1, "asked": 0, "written": 0},
            "Fewer than five organisations planned",
            "of one of them",
        ),
    ],
)
def test_no_count_that_might_name_somebody_is_given(changed: dict[str, int], said: str, never: str) -> None:
    """A count of one to four, or one that is short of what it is part of by so few, stands in words."""
    made = _state(_summary("Schools", {4: (9, 53)}), plans=replace(PLANS, **changed))

    assert said in made.text
    assert never not in made.paragraphs[3]
    kept_back = {number for number in changed.values() if number not in (0, 26)}
    assert kept_back.isdisjoint(row[1] for row in made.tables[-1].rows)


def test_a_part_of_several_wholes_gives_neither_difference_away() -> None:
    assert kept(20, 30, 22) is Few.MOST
    assert kept(20, 30, 20) == 20
    assert of_them(kept(22, 22), 22) == "all of them"


@pytest.mark.parametrize(
    ("weak", "graded", "threshold", "words"),
    [
        (9, 53, 9, "17% (9 of 53)"),
        (1, 11, 9, "9.1% (1 of 11)"),
        (901, 10_000, 9, "9.01% (901 of 10,000)"),
        (9, 100, 9, "9% (9 of 100)"),
        (1, 300, 9, "0.3% (1 of 300)"),
        (299, 300, 9, "99.7% (299 of 300)"),
        (0, 7, 9, "0% (0 of 7)"),
        (7, 7, 9, "100% (7 of 7)"),
    ],
)
def test_a_share_in_whole_percent_never_seems_to_be_what_it_is_not(
    weak: int, graded: int, threshold: int, words: str
) -> None:
    assert figures(weak, graded, threshold) == words


def test_a_list_in_a_sentence() -> None:
    assert listed([]) == ""
    assert listed(["one"]) == "one"
    assert listed(["one", "two", "three"]) == "one, two and three"


def _state(*summaries: Summary, plans: PlansStand | None = None) -> Statement:
    sectors = [SectorStands(each.sector_title, each.due, each.received, each) for each in summaries]
    return state("Compact 2026", "Wexcombe", sectors, plans or PlansStand())


def _summary(
    title: str,
    standards: dict[int, Given],
    *,
    earlier: tuple[Earlier, ...] = (),
) -> Summary:
    """A summary with one question in each standard: weak of graded."""
    return Summary(
        cycle="Compact 2026",
        edition="2026",
        partnership="Wexcombe",
        sector=title.lower(),
        sector_title=title,
        threshold=9,
        due=60,
        received=53,
        imported=0,
        scale=(),
        standards=tuple(_standard(number, given) for number, given in standards.items()),
        advice=(),
        earlier=earlier,
    )


def _standard(number: int, given: Given) -> StandardRow:
    counts = _counts(*given) if isinstance(given, tuple) else None
    flagged = counts is not None and counts.weak * 100 > 9 * counts.graded
    row = IndicatorRow(key=f"key-{number}", asked="how it is", counts=counts, flagged=flagged)
    asked = () if given == NOT_ASKED else (row,)
    return StandardRow(number=number, title=TITLES[number], counts=counts, flagged=flagged, indicators=asked)


def _counts(weak: int, graded: int) -> Counts:
    share = f"{weak * 100 / graded:.2f}"
    return Counts(graded=graded, weak=weak, share=share, grades={}, one_alone_flags=9 * graded < 100)


def _earlier(
    cycle: str, standards: dict[str, tuple[int, int, int, int]], *, brought_in: bool = False
) -> Earlier:
    rows = tuple(
        ThenRow(key=key, weak_then=a, graded_then=b, weak_now=c, graded_now=d)
        for key, (a, b, c, d) in standards.items()
    )
    return Earlier(
        cycle_id=1,
        cycle=cycle,
        brought_in=brought_in,
        left_out=0,
        indicators=(),
        standards=rows,
        hidden=(),
    )
