"""Files as they lie in folders: encodings, line ends, names, sizes."""

from pathlib import Path

import pytest

from compact.questionnaire.marked import Mistakes
from compact.questionnaire.reading import LARGEST_FILE, read_edition, read_editions, text_of


def mistakes_of(root: Path) -> list[str]:
    """What the reader finds in a folder of editions, without the folder's own path."""
    with pytest.raises(Mistakes) as found:
        read_editions(root)
    return [line.replace(f"{root}/", "").replace(str(root), "") for line in str(found.value).split("\n")]


def test_line_ends_and_a_byte_order_mark_are_no_difference(root: Path) -> None:
    before = read_edition(root / "2026")
    for path in (root / "2026").iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    after = read_edition(root / "2026")
    assert after.texts == before.texts
    assert after.questionnaires == before.questionnaires


def test_mistakes_have_their_places_whatever_the_line_ends(root: Path) -> None:
    school = root / "2026" / "school.yaml"
    text = school.read_text(encoding="utf-8").replace("version: '1'", "version: 1")
    for line_end in ("\n", "\r\n", "\r"):
        school.write_text("\ufeff" + text, encoding="utf-8", newline=line_end)
        assert mistakes_of(root) == ["2026/school.yaml:9:12: “version” is to be text: put 1 in quotes"]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_file_that_is_not_utf_8_is_named_with_the_place_of_the_first_wrong_byte(
    root: Path, line_end: bytes
) -> None:
    school = root / "2026" / "school.yaml"
    before, after = school.read_bytes().split(b"All is well with conduct", 1)
    spoilt = before + "Été, ".encode() + b"the school\x92s conduct" + after
    school.write_bytes(spoilt.replace(b"\n", line_end))
    assert mistakes_of(root) == ["2026/school.yaml:37:24: is not UTF-8: save the file as UTF-8"]


def test_utf_16_is_not_utf_8(root: Path) -> None:
    shared = root / "2026" / "standards.yaml"
    shared.write_text(shared.read_text(encoding="utf-8"), encoding="utf-16")
    assert mistakes_of(root) == ["2026/standards.yaml:1:1: is not UTF-8: save the file as UTF-8"]


def test_a_file_that_is_too_large_is_not_even_read(root: Path) -> None:
    school = root / "2026" / "school.yaml"
    school.write_bytes(b"[" * (LARGEST_FILE + 1))
    assert mistakes_of(root) == ["2026/school.yaml:1:1: is larger than 1 MB"]


def test_a_long_file_is_read_to_its_end(root: Path) -> None:
    school = root / "2026" / "school.yaml"
    school.write_text(school.read_text(encoding="utf-8") + "zzz:\n- 5\n" * 20_000, encoding="utf-8")
    assert len(mistakes_of(root)) == 20_000


@pytest.mark.parametrize("name", ["nursery.yml", "nursery.YAML", "nursery.Yml"])
def test_a_file_whose_name_hides_it_is_named(root: Path, name: str) -> None:
    (root / "2026" / name).write_text("setting: nursery\n", encoding="utf-8")
    assert mistakes_of(root) == [f"2026/{name}:1:1: is not read: let its name end in .yaml"]


def test_what_is_no_questionnaire_is_passed_over(root: Path) -> None:
    (root / "2026" / "README.md").write_text("About this edition", encoding="utf-8")
    (root / "2026" / ".school.yaml").write_bytes(b"\x00\x05\x16\x07 what some systems leave behind")
    (root / ".git").mkdir()
    (root / "notes.txt").write_text("", encoding="utf-8")
    assert list(read_editions(root)) == ["2026"]


def test_a_folder_in_a_files_place_cannot_be_read(root: Path) -> None:
    (root / "2026" / "nursery.yaml").mkdir()
    assert mistakes_of(root) == ["2026/nursery.yaml:1:1: cannot be read: Is a directory"]


def test_a_folder_without_editions_is_named(tmp_path: Path) -> None:
    message = ":1:1: holds no edition: expected a folder such as 2026"
    assert mistakes_of(tmp_path) == [message]
    assert mistakes_of(tmp_path / "missing") == [message]


def test_an_edition_has_the_name_of_its_folder(root: Path) -> None:
    (root / "2026").rename(root / "2027")
    assert mistakes_of(root) == ["2027/standards.yaml:1:10: says 2026, but its folder is named 2027"]


def test_the_mistakes_of_every_edition_come_at_once(root: Path) -> None:
    for name in ("2027", "2028"):
        (root / name).mkdir()
    assert mistakes_of(root) == [
        "2027/standards.yaml:1:1: the file is missing",
        "2028/standards.yaml:1:1: the file is missing",
    ]


def test_a_files_text_is_its_text(root: Path) -> None:
    path = root / "2026" / "school.yaml"
    assert text_of(path) == path.read_text(encoding="utf-8")
