"""The page inside an export for whoever finds it in ten years and has nothing but the file."""

from collections.abc import Mapping, Sequence
from textwrap import fill, indent

from compact.db import Base

from .open_format import Leaving, Reference

_WIDTH = 100
_PAGE = """\
THE SAFEGUARDING AND EARLY HELP COMPACT: EVERYTHING OF ONE INSTALLATION

Safeguarding children partnerships in England ask schools, nurseries and other bodies how they safeguard
children; these answer, plan what they will do, and sign. The Compact is the program for it. This file was
written by its command `compact export` (release {release}, database revision {revision}) and holds all that
one installation held at one moment, but for the credentials listed at the end.

It holds names, addresses and what people wrote: keep it as carefully as the service itself.

HOW TO READ IT

Any program that reads ZIP files and JSON will do; no password is set.

manifest.json lists each table's file with its number of rows, its size in bytes and its SHA-256, and says
when it was made. Each file in tables/ is one table: text in UTF-8, a row a line, a line ends with a line
feed (byte 10), each line a JSON object. Rows stand in the order of their keys.

null means that there is nothing. Moments are in UTC, days without a time of day; both as ISO 8601 has them.
Whole numbers are decimal. Text is as it was typed, no character changed.

Grades and keys of indicators are explained in the questionnaires, whose full text is in the table
edition_text. Roles, settings and the like are written in words.

HOW TO CHECK A SIGN-OFF

Each line of tables/sign_off.jsonl is what one person signed. `content` is the signed text itself, JSON
once more; `content_hash` is the SHA-256 of that text in UTF-8; `previous_hash`, which also stands inside the
text, is the `content_hash` of the sign-off before. The receipt that the person was given shows the hash.

HOW TO TAKE IT IN AGAIN

With release {release} of the Compact and an empty database, SQLite or PostgreSQL:

    compact db upgrade
    compact import FILE

People then sign in anew.

THE TABLES

{tables}

WHAT STAYED BEHIND

{staying}
"""


def explanation(
    tables: Sequence[Leaving], staying: Mapping[str, str], release: str, revision: str | None
) -> str:
    about = {mapper.local_table.name: mapper.class_.__doc__ for mapper in Base.registry.mappers}  # type: ignore[attr-defined] # each of ours is of one table
    return _PAGE.format(
        release=release,
        revision=revision,
        tables="\n\n".join(_table(each, about[each.name]) for each in tables),
        staying="\n".join(fill(f"{what}: {why}", _WIDTH) for what, why in staying.items()),
    )


def _table(table: Leaving, about: str | None) -> str:
    """The table's file, what it is for, and its columns."""
    paragraphs = [" ".join(each.split()) for each in (about or "").split("\n\n") if each.strip()]
    parts = [table.file, *(indent(fill(each, _WIDTH - 2), "  ") for each in paragraphs)]
    keys = {column.name for column in table.table.primary_key.columns}
    for column in table.columns:
        kind = table.kinds[column.name].name + (", or null" if column.nullable else "")
        notes = [kind, *(["key"] if column.name in keys else [])]
        notes += [_shown(each, column.name) for each in table.references if column.name in each.columns]
        parts.append(f"    {column.name}: {'; '.join(notes)}")
    return "\n".join(parts)


def _shown(reference: Reference, column: str) -> str:
    return f"the {reference.target[reference.columns.index(column)]} of a row of {reference.table}"
