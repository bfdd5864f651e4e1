"""An export's list of contents: what made it and when, and each table's file with its size and hash."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from compact.documents.csv_reading import shown
from compact.web.cli import InputMistakes

from .open_format import Leaving, read_json

FILE = "manifest.json"
FORMAT = "compact-export"
FORMAT_VERSION = 1


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class TableFile(_Part):
    """A table's file. `bytes` is its size before it was compressed, `sha256` the hash of those bytes."""

    table: str
    file: str
    rows: Annotated[int, Field(ge=0)]
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Manifest(_Part):
    """`made_by` is the release of the Compact, `revision` the migration that its database was at."""

    format: str
    version: int
    made_by: str
    made_at: str
    revision: str
    tables: list[TableFile]
    left_behind: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables)

    @property
    def bytes(self) -> int:
        return sum(each.bytes for each in self.tables)


def release() -> str:
    """The release of the Compact that is running."""
    return version("compact")


def read_manifest(text: bytes, tables: Sequence[Leaving], revision: str | None) -> Manifest:
    """The manifest of an export that this database can take in. Raises InputMistakes."""
    try:
        data = read_json(text)
    except ValueError as error:
        raise _mistaken([str(error)]) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _mistaken(["is not of an export of the Compact"])
    _refuse_other_release(data, revision)
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as error:
        places = [".".join(str(part) for part in each["loc"]) for each in error.errors()]
        pairs = zip(places, error.errors(), strict=True)
        raise _mistaken([f"{shown(place)}: {each['msg']}" for place, each in pairs]) from None
    listed = Counter((each.table, each.file) for each in manifest.tables)
    expected = {(each.name, each.file) for each in tables}
    mistakes = [f"does not list {file}" for _, file in sorted(expected - listed.keys())]
    mistakes += [
        f"lists {shown(file)} as the table {shown(table)}, which no export does, or does so twice"
        for (table, file), times in listed.items()
        if (table, file) not in expected or times > 1
    ]
    if mistakes:
        raise _mistaken(mistakes)
    return manifest


def _refuse_other_release(data: Mapping[str, Any], revision: str | None) -> None:
    """Rows go from one state of the tables to the same state; migrations then bring them further."""
    made_by, theirs, layout = (shown(str(data.get(name))) for name in ("made_by", "revision", "version"))
    if layout != str(FORMAT_VERSION):
        why = f"is in version {layout} of the format, and this release reads version {FORMAT_VERSION}"
    elif theirs != revision:
        why = f"was written at database revision {theirs}, and this database is at {revision}"
    else:
        return
    cure = (
        f"Compact {made_by} wrote it: with that release run `compact db upgrade` on an empty database and "
        "`compact import`, then install a newer release and run its `compact db upgrade`."
    )
    raise _mistaken([f"{why}. {cure}"])


def _mistaken(mistakes: Sequence[str]) -> InputMistakes:
    return InputMistakes(f"{FILE}: {each}" for each in mistakes)
