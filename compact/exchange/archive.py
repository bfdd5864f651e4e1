"""The one ZIP file: written so that the same tables give the same bytes, read without trusting it.

Nothing is ever unpacked to a path: entries are opened by the names that this release gives them, and an
archive with any other entry is refused.
"""

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from compact.documents.csv_reading import shown
from compact.web.cli import InputMistakes

from . import manifest
from .manifest import Manifest, TableFile, read_manifest
from .open_format import Leaving

README = "README.txt"
LONGEST_LINE = 64 * 1024 * 1024
"""Bytes. The longest row is a sign-off: its content holds a whole return once more."""

_LARGEST_PAGE = 1024 * 1024
_NO_PAGE = "is not one that any export writes"
_PIECE = 1024 * 1024
# Text compresses ten times, rows that are nearly alike fifty times. A smaller file does no harm.
_MOST_COMPRESSED = 200
_HARMLESS = 64 * 1024 * 1024
# What reading a damaged ZIP file raises; NotImplementedError stands for a packing that Python cannot unpack.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_ENCRYPTED = 1

Tell = Callable[[int], object]
"""Told how much more was done."""


def entry(name: str) -> zipfile.ZipInfo:
    """An entry to write: compressed, readable to its owner, and the same whenever it is written."""
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """An export to read. Raises InputMistakes when it is no ZIP file, or one that is cut off."""
    try:
        archive = zipfile.ZipFile(file)
    except _UNREADABLE:
        raise InputMistakes([f"{file}: is no ZIP file, or is cut off"]) from None
    with archive:
        yield archive


def contents(archive: zipfile.ZipFile, tables: Sequence[Leaving], revision: str | None) -> Manifest:
    """The manifest of an export whose entries are those it lists, of the sizes it lists, and no others.

    Raises InputMistakes.
    """
    names = archive.namelist()
    if manifest.FILE not in names:
        raise InputMistakes([f"{archive.filename}: is no export of the Compact: it has no {manifest.FILE}"])
    listed = read_manifest(_manifest_of(archive), tables, revision)
    expected = {README, manifest.FILE, *(each.file for each in listed.tables)}
    mistakes = [f"{archive.filename}: lacks {name}" for name in sorted(expected - set(names))]
    mistakes += [
        f"{archive.filename}: holds {shown(name)}, which no export holds, or holds it twice"
        for name, times in Counter(names).items()
        if name not in expected or times > 1
    ]
    if not mistakes:
        mistakes += [wrong for each in listed.tables if (wrong := _wrong_size(archive, each))]
        mistakes += [] if _is_page(archive.getinfo(README)) else [f"{README}: {_NO_PAGE}"]
    if not mistakes and _is_bomb(archive, listed):
        mistakes.append(f"{archive.filename}: unpacks to {listed.bytes:,} bytes, more than any export does")
    if mistakes:
        raise InputMistakes(mistakes)
    return listed


def damage(archive: zipfile.ZipFile, files: Collection[TableFile], tell: Tell) -> list[str]:
    """What is wrong with the bytes: the tables' files are held against their hashes."""
    hashes = {each.file: each.sha256 for each in files}
    mistakes = []
    for name in (README, *hashes):
        found = _hash(archive, name, tell)
        if found is None:
            mistakes.append(f"{name}: is damaged: take another copy of the export")
        elif name in hashes and found != hashes[name]:
            mistakes.append(
                f"{name}: is not what was exported: its SHA-256 is not the one in {manifest.FILE}"
            )
    return mistakes


def lines(archive: zipfile.ZipFile, file: str) -> Iterator[bytes]:
    """The lines of a file that is not damaged; of one that is too long the beginning, as the last."""
    with archive.open(file) as opened_file:
        while line := opened_file.readline(LONGEST_LINE + 1):
            yield line
            if len(line) > LONGEST_LINE:
                return


def _manifest_of(archive: zipfile.ZipFile) -> bytes:
    info = archive.getinfo(manifest.FILE)
    if not _is_page(info):
        raise InputMistakes([f"{manifest.FILE}: {_NO_PAGE}"])
    try:
        return archive.read(info)
    except _UNREADABLE:
        raise InputMistakes([f"{manifest.FILE}: is damaged"]) from None


def _wrong_size(archive: zipfile.ZipFile, file: TableFile) -> str | None:
    info = archive.getinfo(file.file)
    if not _is_plain(info):
        return f"{file.file}: is encrypted, or compressed in a way that no export uses"
    if info.file_size != file.bytes:
        return f"{file.file}: has {info.file_size:,} bytes where the manifest says {file.bytes:,}"
    return None


def _is_page(info: zipfile.ZipInfo) -> bool:
    return info.file_size <= _LARGEST_PAGE and _is_plain(info)


def _is_plain(info: zipfile.ZipInfo) -> bool:
    return not info.flag_bits & _ENCRYPTED and info.compress_type in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    )


def _is_bomb(archive: zipfile.ZipFile, listed: Manifest) -> bool:
    """Held against the size of the whole file, so that entries cannot share their compressed bytes."""
    assert archive.filename is not None  # noqa: S101 - it was opened by its name
    size = Path(archive.filename).stat().st_size
    return listed.bytes > _HARMLESS and listed.bytes > _MOST_COMPRESSED * size


def _hash(archive: zipfile.ZipFile, name: str, tell: Tell) -> str | None:
    """The SHA-256 of an entry; None when it cannot be unpacked."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as opened_file:
            while piece := opened_file.read(_PIECE):
                digest.update(piece)
                tell(len(piece))
    except _UNREADABLE:
        return None
    return digest.hexdigest()
