"""`compact questionnaires check`."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import config
from compact.questionnaire.reading import SECTOR_ORDER
from config import Settings
from tests.conftest import Ended

TWELVE = Path(__file__).parent / "twelve_mistakes" / "2026"
Run = Callable[..., Ended]


@pytest.fixture
def root(root: Path) -> Path:
    """The house's own edition: `check` looks at words too, and those of the tests' edition are few."""
    shutil.rmtree(root / "2026")
    shutil.copytree(config.ROOT / "questionnaires" / "2026", root / "2026")
    return root


def test_twelve_mistakes_are_twelve_lines(run: Run) -> None:
    ended = run("check", TWELVE)
    unknown_fact = "unknown profile fact “comissions-services”; did you mean “commissions-services”?"
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.replace(f"{TWELVE}/", "").splitlines() == [
        "school.yaml:9:12: “version” is to be text: put 1 in quotes",
        "school.yaml:20:3: unknown field “txet”; did you mean “text”?",
        "school.yaml:35:3: “example” is missing",
        "school.yaml:57:12: “improve” is empty",
        "school.yaml:68:8: “key” is to be lower-case letters and digits joined by hyphens, not “Bullying”",
        "school.yaml:102:8: the key “induction” is used twice; the first is on line 85",
        "school.yaml:106:3: “asked” is here twice; the first is on line 105",
        "school.yaml:121:13: “standard” is to be the number of a standard, 1 to 12, not 13",
        "school.yaml:141:9: “good” is to be a list, but is text",
        "school.yaml:164:15: unknown document “kcsei”; did you mean “kcsie”?",
        "school.yaml:183:15: “in_force” is not a date written as 2026-09-01",
        f"school.yaml:238:15: {unknown_fact}",
    ]


def test_without_a_path_every_edition_is_checked(run: Run, root: Path) -> None:
    measured = run("check")
    assert (measured.code, measured.err) == (0, "")
    assert [line.split(":")[0] for line in measured.out.splitlines()] == [
        f"questionnaires/2026/{setting}.yaml" for setting in SECTOR_ORDER
    ]
    shutil.copytree(TWELVE, root / "2027")
    ended = run("check")
    assert ended.code == 1
    assert ended.err.splitlines()[:2] == [
        "questionnaires/2027/school.yaml:9:12: “version” is to be text: put 1 in quotes",
        "questionnaires/2027/school.yaml:20:3: unknown field “txet”; did you mean “text”?",
    ]
    assert "questionnaires/2027/standards.yaml:1:10: says 2026, but its folder is named 2027" in ended.err
    assert "questionnaires/2026" not in ended.err


def test_a_path_may_be_an_edition_a_file_or_a_folder_of_editions(run: Run, root: Path) -> None:
    shutil.copytree(TWELVE, root / "other" / "2026")
    assert run("check", "questionnaires/2026").code == 0
    assert run("check", "questionnaires/2026/hips.yaml", "questionnaires/2026/school.yaml").code == 0
    for path in (
        "questionnaires/other",
        "questionnaires/other/2026",
        "questionnaires/other/2026/school.yaml",
    ):
        ended = run("check", path)
        assert (ended.code, len(ended.err.splitlines())) == (1, 12)
    assert run("check", "questionnaires/other/2026/standards.yaml").code == 0


def test_the_mistakes_of_a_file_are_there_once_however_it_is_asked_for(run: Run) -> None:
    school = TWELVE / "school.yaml"
    for paths in ([school, school], [school, TWELVE], [TWELVE, school], [TWELVE.parent, TWELVE]):
        assert len(run("check", *paths).err.splitlines()) == 12


def test_paths_are_as_they_were_typed(run: Run, root: Path) -> None:
    school = root / "2026" / "school.yaml"
    school.write_text("nothing", encoding="utf-8")
    message = "1:1: the file is to be a mapping of fields, but is text\n"
    assert run("check", school).err == f"{school}:{message}"
    assert run("check", "questionnaires/2026/school.yaml").err == f"questionnaires/2026/school.yaml:{message}"


def test_an_edition_is_named_after_its_folder_even_from_inside(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "2026")
    for path in (".", "school.yaml", ".."):
        ended = run("check", path)
        assert (ended.code, ended.err) == (0, "")


def test_a_file_that_is_no_questionnaire_is_said_to_be_none(run: Run, root: Path) -> None:
    (root / "2026" / "README.md").write_text("# About", encoding="utf-8")
    (root / "2026" / "other.yml").write_text("setting: other", encoding="utf-8")
    for name in ("README.md", "other.yml"):
        ended = run("check", f"questionnaires/2026/{name}")
        assert ended == Ended(
            1, "", f"questionnaires/2026/{name}:1:1: is not read: let its name end in .yaml\n"
        )


def test_a_path_that_is_not_there_is_wrong_usage(run: Run, root: Path) -> None:
    assert run("check", "questionnaires/2025").code == 2
    shutil.rmtree(root)
    assert run("check") == Ended(
        1, "", "questionnaires:1:1: holds no edition: expected a folder such as 2026\n"
    )


def test_check_and_show_work_beside_both_databases(compact: Run, settings: Settings) -> None:
    shutil.rmtree(settings.questionnaires)
    shutil.copytree(config.ROOT / "questionnaires", settings.questionnaires)
    assert compact("questionnaires", "check").code == 0
    assert compact("questionnaires", "show", "2026", "school").code == 0


def test_a_sound_file_is_named_with_what_it_asks_of_a_reader(run: Run) -> None:
    ended = run("check", "questionnaires/2026/voluntary.yaml")
    assert ended.code == 0
    assert re.fullmatch(
        r"questionnaires/2026/voluntary\.yaml: \d+ indicators, [\d,]+ words to read in \d+ minutes, "
        r"\d+\.\d words a sentence\n",
        ended.out,
    )
