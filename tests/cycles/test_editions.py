"""An edition in use stays what it was: the app and the commands refuse every file that differs."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select

import config
from compact import create_app
from compact.cycles import editions
from compact.cycles.models import EditionText
from compact.questionnaire.marked import Mistakes
from config import Settings
from tests import making
from tests.conftest import SECRET, Ended, Template
from tests.making import World
from tests.pages import Visitor

DIFFERS = "differs from what was asked when this edition was first used; make a new edition instead"
MISSING = "is missing, and its edition is in use: put it back"
ADDED = "was added to an edition in use; make a new edition instead"


@pytest.fixture
def folder(settings: Settings) -> Path:
    """The files of the test edition, below a folder of editions."""
    return making.write_edition(settings.questionnaires)


@pytest.fixture
def used(world: World, folder: Path) -> int:
    """A round of the test edition, with a school due in it."""
    host = world.partnership()
    world.organisation("Larkfield School")
    return world.cycle(host, name="Compact 2026")


@pytest.fixture
def start(settings: Settings, engine: Engine) -> Callable[[], Flask]:
    def start() -> Flask:
        app = create_app(settings, engine=engine)
        app.config["CLOCK"] = lambda: making.NOW
        app.testing = True
        return app

    return start


@pytest.fixture
def refused(start: Callable[[], Flask], settings: Settings) -> Callable[[], list[str]]:
    """The lines with which the app refuses to start."""

    def refused() -> list[str]:
        with pytest.raises(Mistakes) as found:
            start()
        return str(found.value).replace(f"{settings.questionnaires}/", "").split("\n")

    return refused


def change(path: Path, old: str, new: str) -> int:
    """Replace something in a file; the line where it stood."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def rename(folder: Path, year: str) -> None:
    """Make another edition of the files: a new folder beside the one in use, or in its place."""
    change(folder / "standards.yaml", "'2026'", f"'{year}'")
    folder.rename(folder.parent / year)


def test_the_app_starts_on_the_files_as_they_were(used: int, start: Callable[[], Flask]) -> None:
    with start().app_context():
        assert list(editions.editions()) == ["2026"]
        assert editions.questionnaire("2026", "school").title == "Questionnaire for school"


@pytest.mark.parametrize("file", sorted(making.edition_texts()))
def test_one_changed_word_is_named_with_its_line(
    used: int, folder: Path, refused: Callable[[], list[str]], file: str
) -> None:
    old = "What Accountability is about" if file == "standards.yaml" else "All is well with allegations"
    line = change(folder / file, old, "All is different")
    assert refused() == [f"2026/{file}:{line}:1: {DIFFERS}"]


def test_every_changed_file_is_named(used: int, folder: Path, refused: Callable[[], list[str]]) -> None:
    school = change(folder / "school.yaml", "All is well with equality", "All is just")
    hips = change(folder / "hips.yaml", "All is well with conduct", "All behave")
    assert refused() == [f"2026/hips.yaml:{hips}:1: {DIFFERS}", f"2026/school.yaml:{school}:1: {DIFFERS}"]


def test_a_line_added_or_taken_away_is_a_difference(
    used: int, folder: Path, refused: Callable[[], list[str]]
) -> None:
    path = folder / "school.yaml"
    before = path.read_text(encoding="utf-8")
    last = before.count("\n")
    conduct = before[: before.index("- key: conduct")].count("\n") + 1
    for text, line in (
        ("# One more\n" + before, 1),
        (before + "# One more\n", last + 1),
        (before + "\n", last + 1),
        (before.removesuffix("\n"), last),
        (before.replace("- key: conduct", "\n- key: conduct"), conduct),
    ):
        path.write_text(text, encoding="utf-8")
        assert refused() == [f"2026/school.yaml:{line}:1: {DIFFERS}"]


def test_other_line_ends_and_a_byte_order_mark_are_no_difference(
    used: int, folder: Path, start: Callable[[], Flask]
) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    start()


def test_a_file_that_is_gone_is_named(used: int, folder: Path, refused: Callable[[], list[str]]) -> None:
    (folder / "hips.yaml").unlink()
    assert refused() == [f"2026/hips.yaml:1:1: {MISSING}"]


def test_the_shared_file_that_is_gone_is_named(
    used: int, folder: Path, refused: Callable[[], list[str]]
) -> None:
    (folder / "standards.yaml").unlink()
    assert refused() == ["2026/standards.yaml:1:1: the file is missing"]


def test_a_file_that_came_later_is_named(used: int, folder: Path, refused: Callable[[], list[str]]) -> None:
    texts = making.edition_texts(nursery=making.questionnaire("nursery"))
    (folder / "nursery.yaml").write_text(texts["nursery.yaml"], encoding="utf-8")
    assert refused() == [f"2026/nursery.yaml:1:1: {ADDED}"]


def test_a_renamed_file_is_one_gone_and_one_added(
    used: int, folder: Path, refused: Callable[[], list[str]]
) -> None:
    change(folder / "hips.yaml", "setting: hips", "setting: wide")
    (folder / "hips.yaml").rename(folder / "wide.yaml")
    assert refused() == [f"2026/hips.yaml:1:1: {MISSING}", f"2026/wide.yaml:1:1: {ADDED}"]


def test_a_note_beside_the_files_is_no_difference(
    used: int, folder: Path, start: Callable[[], Flask]
) -> None:
    (folder / "README.md").write_text("About this edition", encoding="utf-8")
    start()


def test_an_edition_that_no_round_uses_may_change(
    world: World, folder: Path, start: Callable[[], Flask]
) -> None:
    change(folder / "school.yaml", "All is well with conduct", "All behave")
    with start().app_context():
        assert editions.questionnaire("2026", "school").by_key["conduct"].text == "All behave."


def test_a_new_edition_may_stand_beside_one_in_use(
    used: int, folder: Path, start: Callable[[], Flask]
) -> None:
    copy = folder.parent / "new"
    shutil.copytree(folder, copy)
    rename(copy, "2027")
    with start().app_context():
        assert list(editions.editions()) == ["2026", "2027"]


def test_a_folder_that_is_gone_is_served_from_the_stored_text(
    used: int, world: World, folder: Path, start: Callable[[], Flask]
) -> None:
    school = world.organisation("Brook School")
    returned = world.started(used, school)
    world.profile(returned, commissions_services=False)
    email = world.person("Ada Lin", making.signatory(school))
    rename(folder, "2027")
    change(folder.parent / "2027" / "school.yaml", "All is well with conduct", "All behave")

    app = start()

    with app.app_context():
        assert sorted(editions.editions()) == ["2026", "2027"]
        stored = editions.edition("2026")
        assert stored == making.edition()
        assert stored.settings == making.edition().settings
    visitor = Visitor(app)
    visitor.sign_in(email, making.PASSWORD)
    page = visitor.get(f"/returns/{returned}/standards/2")
    assert "All is well with conduct." in page.text
    assert "All behave." not in page.text


def test_the_texts_are_stored_once_with_their_hashes(used: int, world: World, engine: Engine) -> None:
    second = world.partnership("Eastmere Partnership", ["902"])
    world.cycle(second, name="Another round")
    with engine.connect() as connection:
        rows = connection.execute(
            select(EditionText.edition, EditionText.file, EditionText.text, EditionText.hash).order_by(
                EditionText.file
            )
        ).all()
    assert [(row.edition, row.file, row.text) for row in rows] == [
        ("2026", file, text) for file, text in sorted(making.edition_texts().items())
    ]
    assert [row.hash for row in rows] == [hashlib.sha256(row.text.encode()).hexdigest() for row in rows]


def test_the_app_refuses_to_start_on_mistakes_and_lists_them_all(
    folder: Path, refused: Callable[[], list[str]]
) -> None:
    school = change(folder / "school.yaml", "document: kcsie", "document: kcsei")
    hips = change(folder / "hips.yaml", "text: All is well with conduct.", "text: ''")
    assert refused() == [
        f"2026/hips.yaml:{hips}:9: “text” is empty",
        f"2026/school.yaml:{school}:15: unknown document “kcsei”; did you mean “kcsie”?",
    ]


@pytest.fixture
def opened(compact: Callable[..., Ended], tmp_path: Path) -> Callable[..., Ended]:
    """The command, after it has opened a round of the test edition."""

    def open_round(name: str) -> Ended:
        return compact(
            "cycles", "open", name, "--partnership", "Wexcombe", "--edition", "2026",
            "--opens", "2026-09-01", "--closes", "2026-12-18",
        )  # fmt: skip

    assert compact("partnerships", "add", "Wexcombe", "--area", "901").code == 0
    assert open_round("Compact 2026").code == 0
    return open_round


def test_opening_a_round_by_command_stores_the_texts(opened: Callable[..., Ended], engine: Engine) -> None:
    with engine.connect() as connection:
        files = connection.scalars(select(EditionText.file).order_by(EditionText.file)).all()
    assert files == sorted(making.edition_texts())


def test_commands_refuse_a_file_that_differs(
    opened: Callable[..., Ended], compact: Callable[..., Ended], tmp_path: Path
) -> None:
    folder = tmp_path / "questionnaires" / "2026"
    line = change(folder / "school.yaml", "All is well with conduct", "All behave")
    expected = Ended(1, "", f"{folder}/school.yaml:{line}:1: {DIFFERS}\n")
    assert opened("Another round") == expected
    assert compact("analyse", "Compact 2026") == expected
    assert compact("cycles", "show", "Compact 2026") == expected
    change(folder / "school.yaml", "All behave", "All is well with conduct")
    assert opened("Another round").code == 0


def test_commands_read_an_edition_whose_folder_is_gone(
    opened: Callable[..., Ended], compact: Callable[..., Ended], tmp_path: Path
) -> None:
    rename(tmp_path / "questionnaires" / "2026", "2027")
    ended = compact("analyse", "Compact 2026", "--format", "csv")
    assert ended.code == 0
    assert ",how conduct is looked after," in ended.out


def test_the_server_says_what_is_wrong_before_it_ends(sqlite_template: Template, tmp_path: Path) -> None:
    folder = making.write_edition(tmp_path / "questionnaires")
    line = change(folder / "school.yaml", "document: kcsie", "document: kcsei")
    database = sqlite_template.copy("server")
    told = {
        "COMPACT_ENV": "test",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": database,
        "QUESTIONNAIRES": str(tmp_path / "questionnaires"),
    }
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        env={**os.environ, **told},
        cwd=config.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    sqlite_template.drop("server")
    assert ended.returncode != 0
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        "The Compact does not start:",
        f"{folder}/school.yaml:{line}:15: unknown document “kcsei”; did you mean “kcsie”?",
    ]
