"""A whole set on paper."""

from collections.abc import Callable
from pathlib import Path

import pytest

import config
from compact.documents import typeset
from compact.questionnaire import printing
from compact.questionnaire.reading import read_edition
from tests.conftest import Ended

EDITION = read_edition(config.ROOT / "questionnaires" / "2026")
Run = Callable[..., Ended]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What goes to the typesetter."""
    seen: list[dict[str, object]] = []

    def note(_template: str, data: dict[str, object]) -> bytes:
        seen.append(data)
        return b""

    monkeypatch.setattr(typeset, "pdf", note)
    return seen


@pytest.mark.parametrize("setting", EDITION.settings)
@pytest.mark.parametrize("by", printing.ORDERS)
def test_every_set_can_be_printed_both_ways(setting: str, by: str) -> None:
    assert printing.as_pdf(EDITION, setting, by).startswith(b"%PDF-")


@pytest.mark.parametrize("setting", EDITION.settings)
def test_all_that_has_to_be_read_is_on_the_paper(sent: list[dict[str, object]], setting: str) -> None:
    printing.as_pdf(EDITION, setting)
    shown = repr(sent)
    asked = EDITION.questionnaires[setting]
    for indicator in asked.indicators:
        for text in (indicator.text, *indicator.good, indicator.improve):
            assert repr(text)[1:-1] in shown
    for text in (asked.duty, *asked.introduction, *asked.statement.text, asked.signed_by[1:]):
        assert repr(text)[1:-1] in shown


@pytest.mark.parametrize("setting", EDITION.settings)
def test_by_person_every_piece_of_evidence_stands_once(sent: list[dict[str, object]], setting: str) -> None:
    printing.as_pdf(EDITION, setting, "person")
    parts = sent[0]["parts"]
    assert isinstance(parts, list)
    shown = [
        text
        for part in parts
        for item in part["items"]
        for section in item["sections"]
        for text in section["texts"]
    ]
    wanted = [
        f"{evidence.show} ({indicator.asked})"
        for indicator in EDITION.questionnaires[setting].indicators
        for evidence in indicator.evidence
    ]
    assert sorted(shown) == sorted(wanted)
    sizes = [
        sum(len(section["texts"]) for item in part["items"] for section in item["sections"]) for part in parts
    ]
    assert sizes == sorted(sizes, reverse=True)


def test_the_command_writes_a_pdf_to_a_file(run: Run, root: Path) -> None:
    out = root / "school.pdf"
    assert run("show", "2026", "school", "--format", "pdf", "--by", "person", "--out", out) == Ended(
        0, "", ""
    )
    assert out.read_bytes().startswith(b"%PDF-")


def test_a_pdf_without_a_file_is_wrong_usage(run: Run) -> None:
    ended = run("show", "2026", "school", "--format", "pdf")
    assert (ended.code, ended.out) == (2, "")
    assert "--out" in ended.err


@pytest.mark.parametrize("by", printing.ORDERS)
def test_what_is_not_asked_is_left_out_and_the_paper_says_so(sent: list[dict[str, object]], by: str) -> None:
    whole = EDITION.questionnaires["school"]
    fact = next(
        fact for fact in whole.profile if any(each.asked_when == fact.key for each in whole.indicators)
    )
    out = [each for each in whole.indicators if each.asked_when == fact.key]

    printing.as_pdf(EDITION, "school", by, without={fact.key})

    assert all(evidence.show not in repr(sent[0]["parts"]) for each in out for evidence in each.evidence)
    named = "; ".join(each.asked for each in out)
    assert f"Not asked, because {fact.otherwise}: {named}." in repr(sent[0]["opening"]).replace("\\'", "'")
    assert whole.without([]) is whole
