"""The editions in use: what the files say, held against the text stored when they were first used."""

import hashlib
from collections.abc import Iterator, Mapping

from flask import Flask, current_app
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from compact import db
from compact.questionnaire.marked import Mistake, Mistakes
from compact.questionnaire.reading import edition_of, read_editions
from compact.questionnaire.values import Edition, Questionnaire

from .models import EditionText


def init_app(app: Flask, editions: Mapping[str, Edition]) -> None:
    app.extensions["compact.editions"] = editions


def editions() -> Mapping[str, Edition]:
    """Every edition that this process knows, by name. A command reads them when it first asks."""
    if "compact.editions" not in current_app.extensions:
        folder = current_app.extensions["compact.settings"].questionnaires
        init_app(current_app, with_stored(db.session(), read_editions(folder), str(folder)))
    found: Mapping[str, Edition] = current_app.extensions["compact.editions"]
    return found


def edition(name: str) -> Edition:
    return editions()[name]


def questionnaire(edition_name: str, setting: str) -> Questionnaire:
    return edition(edition_name).questionnaires[setting]


def store_texts(session: Session, used: Edition) -> None:
    """Keep the exact text of an edition when its first cycle opens."""
    if session.scalar(select(EditionText.edition).where(EditionText.edition == used.name).limit(1)):
        return
    session.execute(
        insert(EditionText),
        [
            {"edition": used.name, "file": file, "hash": hash_of(text), "text": text}
            for file, text in used.texts.items()
        ],
    )


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def with_stored(session: Session, read: Mapping[str, Edition], where: str) -> dict[str, Edition]:
    """The editions that were read, and those that are only in the database any more.

    Raises Mistakes, naming the line, when a file of a used edition is not what it was.
    """
    stored: dict[str, dict[str, str]] = {}
    for row in session.execute(select(EditionText.edition, EditionText.file, EditionText.text)):
        stored.setdefault(row.edition, {})[row.file] = row.text
    differences = [
        mistake
        for name, texts in stored.items()
        if name in read
        for mistake in _differences(texts, read[name].texts, f"{where}/{name}")
    ]
    if differences:
        raise Mistakes(differences)
    gone = {
        name: edition_of(name, texts, where=f"stored edition {name}")
        for name, texts in stored.items()
        if name not in read
    }
    return {**read, **gone}


def _differences(stored: Mapping[str, str], now: Mapping[str, str], where: str) -> Iterator[Mistake]:
    """A mistake for each file of a used edition that was changed, added or removed."""
    for file, text in stored.items():
        if file not in now:
            yield Mistake(f"{where}/{file}", 1, 1, "is missing, and its edition is in use: put it back")
        elif now[file] != text:
            line = _first_difference(text, now[file])
            message = (
                "differs from what was asked when this edition was first used; make a new edition instead"
            )
            yield Mistake(f"{where}/{file}", line, 1, message)
    for file in now.keys() - stored.keys():
        yield Mistake(f"{where}/{file}", 1, 1, "was added to an edition in use; make a new edition instead")


def _first_difference(before: str, after: str) -> int:
    before_lines, after_lines = before.split("\n"), after.split("\n")
    pairs = enumerate(zip(before_lines, after_lines, strict=False), start=1)
    return next((line for line, (old, new) in pairs if old != new), min(len(before_lines), len(after_lines)))
