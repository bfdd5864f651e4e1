"""How the questionnaires read: each check has a file that trips it, in `bad_wording`."""

import shutil
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import config
from compact.questionnaire import wording
from compact.questionnaire.reading import edition_folders, read_edition
from tests.conftest import Ended

BAD = Path(__file__).parent / "bad_wording"
GOOD = BAD / "good.yaml"
FAULTS = sorted(path for path in BAD.glob("*.yaml") if path != GOOD)
Run = Callable[..., Ended]


@pytest.fixture
def checked(run: Run, root: Path) -> Callable[[Path], Ended]:
    """What `check` says of a file as the only questionnaire of an edition."""

    def checked(file: Path) -> Ended:
        folder = root / "2026"
        for each in folder.glob("*.yaml"):
            each.unlink()
        text = (config.ROOT / "questionnaires" / "2026" / "standards.yaml").read_text(encoding="utf-8")
        (folder / "standards.yaml").write_text(text, encoding="utf-8")
        shutil.copy(file, folder / "voluntary.yaml")
        return run("check", "questionnaires/2026/voluntary.yaml")

    return checked


def test_a_file_without_a_fault_is_clean(checked: Callable[[Path], Ended]) -> None:
    ended = checked(GOOD)
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("file", FAULTS, ids=lambda path: path.stem)
def test_each_fault_is_named_at_its_place_and_nothing_else_is(
    checked: Callable[[Path], Ended], file: Path
) -> None:
    """The first line of each bad file says, behind a #, what is to be said of it."""
    expected = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    ended = checked(file)
    assert ended.err.splitlines() == [f"questionnaires/2026/voluntary.yaml:{expected}"]
    assert ended.code == 1


def test_every_check_has_a_bad_file() -> None:
    said = " ".join(path.read_text(encoding="utf-8").splitlines()[0] for path in FAULTS)
    kinds = [message.split(":")[0] for _, message in wording.WRONG]
    kinds += [
        "words, 30 at most",
        "words on average",
        "to 4 can be taken in",
        "does not read",
        "word for word",
    ]
    kinds += ["nearly that of", "may be the name", "does not say how long", "no public body"]
    assert [kind for kind in kinds if kind not in said] == ["no public body"]  # of standards.yaml, below


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=12), max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_is_nearly_alike_is_found_however_soon_others_are_ruled_out(texts: list[list[str]]) -> None:
    plainly = [
        (first, second)
        for second, other in enumerate(texts)
        for first, one in enumerate(texts[:second])
        if SequenceMatcher(None, one, other, autojunk=False).ratio() > wording.NEARLY_ALIKE
    ]

    assert list(wording._nearly_alike(texts)) == plainly


def test_links_lead_to_public_bodies_alone(run: Run, root: Path) -> None:
    folder = root / "2026"
    shutil.rmtree(folder)
    shutil.copytree(config.ROOT / "questionnaires" / "2026", folder)
    file = folder / "standards.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("https://www.gov.uk/", "https://gov.uk.example/", 1), encoding="utf-8")
    ended = run("check")
    assert (ended.code, len(ended.err.splitlines())) == (1, 1)
    assert "“gov.uk.example” is no public body’s" in ended.err


@pytest.mark.parametrize(
    "folder", edition_folders(config.ROOT / "questionnaires"), ids=lambda path: path.name
)
def test_the_editions_of_the_house_read_well(folder: Path) -> None:
    assert list(map(str, wording.mistakes(read_edition(folder), folder.name))) == []
