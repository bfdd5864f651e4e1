"""A published edition keeps its words."""

from collections.abc import Callable
from pathlib import Path

import pytest

import config
from compact.questionnaire import published
from compact.questionnaire.reading import edition_folders, read_edition
from tests.conftest import Ended

Run = Callable[..., Ended]


def changed(folder: Path, old: str, new: str) -> list[str]:
    """What is said after something was replaced in the schools' file, without the file's name."""
    file = folder / "school.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(each).removeprefix(f"{folder}/") for each in published.mistakes(read_edition(folder), folder)]


@pytest.fixture
def folder(run: Run, root: Path) -> Path:
    """The test edition, published."""
    assert run("publish", "2026").code == 0
    return root / "2026"


def test_an_edition_that_is_not_published_may_change(root: Path) -> None:
    assert changed(root / "2026", "All is well with bullying.", "All is better with bullying.") == []


def test_what_was_published_is_left_alone(folder: Path) -> None:
    assert list(published.mistakes(read_edition(folder), folder)) == []


def test_layout_and_comments_may_change(folder: Path) -> None:
    assert changed(folder, "indicators:", "# The indicators\nindicators:") == []


def test_a_changed_word_is_named_with_its_line(folder: Path) -> None:
    (said,) = changed(folder, "All is well with bullying.", "All is better with bullying.")
    assert said.startswith("school.yaml:")
    assert said.endswith("“bullying” is not what was published: a new edition can say it in other words")


def test_a_new_key_and_a_lost_one_are_named(folder: Path) -> None:
    new, lost = changed(folder, "key: bullying", "key: bullying-and-teasing")
    assert "“bullying-and-teasing” is not in published.csv" in new
    assert lost == "published.csv:1:1: “bullying” of school was published and is missing now"


def test_publishing_again_takes_the_change_in(run: Run, folder: Path) -> None:
    assert changed(folder, "All is well with bullying.", "All is better with bullying.") != []
    ended = run("publish", "2026")
    assert ended.out.startswith("questionnaires/2026/published.csv: ")
    assert list(published.mistakes(read_edition(folder), folder)) == []


@pytest.mark.parametrize(
    "folder", edition_folders(config.ROOT / "questionnaires"), ids=lambda path: path.name
)
def test_the_editions_of_the_house_are_published_as_they_are(folder: Path) -> None:
    text = (folder / published.FILE).read_text(encoding="utf-8")
    assert text == published.published(read_edition(folder))
