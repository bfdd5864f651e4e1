"""An export is read without trusting it: damage, foreign files, other releases, bombs."""

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from compact.exchange import archive
from compact.exchange.open_format import leaving
from compact.web.cli import InputMistakes
from tests.exchange.everything import entries_of, forged, with_manifest, write

Refused = Callable[[Path], str]
Read = Callable[[Path], dict[str, bytes]]


@pytest.fixture
def read(whole: Path) -> Read:
    """The tables' files as an import reads them. Raises InputMistakes."""
    revision = json.loads(entries_of(whole)["manifest.json"])["revision"]

    def read(file: Path) -> dict[str, bytes]:
        with archive.opened(file) as opened:
            listed = archive.contents(opened, leaving(), revision)
            if mistakes := archive.damage(opened, listed.tables, lambda _: None):
                raise InputMistakes(mistakes)
            return {each.file: b"".join(archive.lines(opened, each.file)) for each in listed.tables}

    return read


@pytest.fixture
def refused(read: Read) -> Refused:
    """What is said of a file that is refused."""

    def refused(file: Path) -> str:
        with pytest.raises(InputMistakes) as mistakes:
            read(file)
        return str(mistakes.value)

    return refused


def test_what_was_exported_is_read(whole: Path, read: Read) -> None:
    assert read(whole) == {
        name: data for name, data in entries_of(whole).items() if name.startswith("tables/")
    }


def test_a_flipped_byte_is_found_wherever_it_is(whole: Path, refused: Refused, tmp_path: Path) -> None:
    data = bytearray(whole.read_bytes())
    with zipfile.ZipFile(whole) as opened:
        at = opened.getinfo("tables/answer.jsonl").header_offset
    data[at + 120] ^= 1
    (tmp_path / "flipped.zip").write_bytes(data)

    said = refused(tmp_path / "flipped.zip")

    assert said == "tables/answer.jsonl: is damaged: take another copy of the export"


def test_a_changed_letter_is_found_where_the_zip_file_was_made_anew(
    whole: Path, refused: Refused, tmp_path: Path
) -> None:
    entries = entries_of(whole)
    entries["tables/person.jsonl"] = entries["tables/person.jsonl"].replace(b"Robin", b"Robyn")

    said = refused(write(tmp_path / "changed.zip", entries))

    assert said == (
        "tables/person.jsonl: is not what was exported: its SHA-256 is not the one in manifest.json"
    )


def test_a_missing_line_is_found_by_the_size(whole: Path, refused: Refused, tmp_path: Path) -> None:
    entries = entries_of(whole)
    entries["tables/person.jsonl"] = entries["tables/person.jsonl"].splitlines(keepends=True)[0]

    said = refused(write(tmp_path / "changed.zip", entries))

    assert "tables/person.jsonl: has 111 bytes where the manifest says" in said


@pytest.mark.parametrize("kept", [0, 10, 3_000, -1, -30])
def test_a_file_that_is_cut_off_is_none(whole: Path, refused: Refused, tmp_path: Path, kept: int) -> None:
    (tmp_path / "cut.zip").write_bytes(whole.read_bytes()[:kept])

    assert refused(tmp_path / "cut.zip") == f"{tmp_path / 'cut.zip'}: is no ZIP file, or is cut off"


def _listing(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda manifest: {**manifest, **changes}


CURE = (
    "Compact 9.1 wrote it: with that release run `compact db upgrade` on an empty database and `compact "
    "import`, then install a newer release and run its `compact db upgrade`."
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            _listing(revision="0000", made_by="9.1"),
            f"was written at database revision 0000, and this database is at {{}}. {CURE}",
        ),
        (
            _listing(version=2, made_by="9.1"),
            f"is in version 2 of the format, and this release reads version 1. {CURE}",
        ),
        (_listing(format="other"), "is not of an export of the Compact"),
        (lambda manifest: [manifest], "is not of an export of the Compact"),
        (_listing(more=1), "more: Extra inputs are not permitted"),
        (
            lambda manifest: manifest["tables"][0].update(rows=-1) or manifest,
            "tables.0.rows: Input should be",
        ),
        (lambda manifest: manifest["tables"].pop(0) and manifest, "does not list tables/chain_head.jsonl"),
        (
            lambda manifest: manifest["tables"].append(manifest["tables"][0]) or manifest,
            "lists tables/chain_head.jsonl as the table chain_head, which no export does, or does so twice",
        ),
        (
            lambda manifest: manifest["tables"][0].update(file="../../etc/passwd") or manifest,
            "lists ../../etc/passwd as the table chain_head, which no export does, or does so twice",
        ),
    ],
)
def test_a_manifest_that_is_of_something_else_is_refused(
    whole: Path, refused: Refused, tmp_path: Path, change: Callable[[Any], Any], words: str
) -> None:
    manifest = json.loads(entries_of(whole)["manifest.json"])
    words = words.format(manifest["revision"])

    said = refused(with_manifest(whole, tmp_path / "other.zip", change(manifest)))

    assert f"manifest.json: {words}" in said
    assert "Traceback" not in said


def test_what_no_export_holds_is_refused(whole: Path, refused: Refused, tmp_path: Path) -> None:
    """Nothing is ever unpacked to a path, wherever it leads; and no table that stays behind comes in."""
    for name in (
        "../../../tmp/evil",
        "/etc/passwd",
        "tables/",
        "tables/session.jsonl",
        "tables/person.jsonl\n",
    ):
        said = refused(write(tmp_path / "foreign.zip", {**entries_of(whole), name: b"{}\n"}))
        assert said.startswith(f"{tmp_path / 'foreign.zip'}: holds {name.strip()}")
        assert said.endswith("which no export holds, or holds it twice")
        assert "\n" not in said


def test_an_entry_that_is_there_twice_or_not_at_all_is_refused(
    whole: Path, refused: Refused, tmp_path: Path
) -> None:
    file = tmp_path / "twice.zip"
    file.write_bytes(whole.read_bytes())
    with zipfile.ZipFile(file, "a") as opened, pytest.warns(UserWarning, match="Duplicate name"):
        opened.writestr("tables/person.jsonl", b"")
    lacking = {name: data for name, data in entries_of(whole).items() if "answer." not in name}

    assert f"{file}: holds tables/person.jsonl, which no export" in refused(file)
    assert "lacks tables/answer.jsonl" in refused(write(tmp_path / "lacking.zip", lacking))


def test_a_zip_file_of_something_else_is_said_to_be_no_export(refused: Refused, tmp_path: Path) -> None:
    file = write(tmp_path / "other.zip", {"photo.jpg": b"..."})

    assert refused(file) == f"{file}: is no export of the Compact: it has no manifest.json"


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_compression_of_an_export_is_read(
    whole: Path, refused: Refused, tmp_path: Path, compression: int
) -> None:
    """LZMA and bzip2 unpack to thousands of times their size."""
    file = tmp_path / "other.zip"
    for place in ("tables/person.jsonl", "manifest.json", "README.txt"):
        with zipfile.ZipFile(file, "w") as opened:
            for name, data in entries_of(whole).items():
                opened.writestr(name, data, compression if name == place else zipfile.ZIP_DEFLATED)

        assert refused(file).startswith(f"{place}: is ")


def test_an_encrypted_entry_is_refused(whole: Path, refused: Refused, tmp_path: Path) -> None:
    data = bytearray(write(tmp_path / "clear.zip", entries_of(whole)).read_bytes())
    with zipfile.ZipFile(tmp_path / "clear.zip") as opened:
        place = opened.namelist().index("tables/person.jsonl")
    at = -1
    for _ in range(place + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    data[at + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)

    assert "tables/person.jsonl: is encrypted, or compressed in a way" in refused(tmp_path / "locked.zip")


def test_a_file_that_unpacks_to_far_more_than_it_is_is_refused(
    whole: Path, refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_HARMLESS", 1_000_000)

    said = refused(forged(whole, tmp_path / "bomb.zip", "person", lambda data: data + b" " * 20_000_000))

    assert "bytes, more than any export does" in said


@pytest.mark.parametrize("page", ["manifest.json", "README.txt"])
def test_a_page_without_end_is_not_read(whole: Path, refused: Refused, tmp_path: Path, page: str) -> None:
    entries = entries_of(whole)
    entries[page] += b" " * 2_000_000

    assert refused(write(tmp_path / "large.zip", entries)) == f"{page}: is not one that any export writes"


@pytest.mark.parametrize("step", [41, pytest.param(3, marks=pytest.mark.campaign)])
def test_a_byte_flipped_anywhere_never_brings_in_anything_else(
    whole: Path, read: Read, tmp_path: Path, step: int
) -> None:
    """The dates of entries may differ and the like, what is taken in may not."""
    right, data, taken = read(whole), whole.read_bytes(), 0
    for at in range(0, len(data), step):
        flipped = bytearray(data)
        flipped[at] ^= 0x10
        (tmp_path / "flipped.zip").write_bytes(flipped)
        with suppress(InputMistakes):
            assert read(tmp_path / "flipped.zip") == right, at
            taken += 1
    assert taken < len(data) / step / 4
