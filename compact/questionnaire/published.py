"""A published edition keeps its words: `published.csv` beside the files holds a hash of every indicator.

What returns are graded against must not change under them. The application guards the editions that rounds of
this installation use (compact.cycles.editions); this file guards an edition from the day it is published, for
everybody, and shows in a review what was changed on purpose.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

from compact.documents.tables import to_csv

from .marked import Mistake, read_marked
from .values import Edition, Indicator

FILE = "published.csv"
HEAD = ("setting", "standard", "key", "hash")


def published(edition: Edition) -> str:
    """The text of the file for an edition as it is now."""
    rows = [
        (setting, indicator.standard, indicator.key, _hash(indicator))
        for setting, questionnaire in edition.questionnaires.items()
        for indicator in questionnaire.indicators
    ]
    return to_csv(HEAD, rows).replace("\r\n", "\n")


def mistakes(edition: Edition, folder: Path) -> Iterator[Mistake]:
    """Where an edition is not what was published; nothing for one that is not published yet."""
    file = folder / FILE
    if not file.exists():
        return
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    then = {(row["setting"], row["key"]): row for row in rows}
    for setting, questionnaire in edition.questionnaires.items():
        wrong: list[tuple[int, str]] = []
        for index, indicator in enumerate(questionnaire.indicators):
            row = then.pop((setting, indicator.key), None)
            if row is None:
                message = (
                    f"“{indicator.key}” is not in {FILE}: this edition is published, a new one can have it"
                )
                wrong.append((index, message))
            elif row["hash"] != _hash(indicator):
                message = (
                    f"“{indicator.key}” is not what was published: a new edition can say it in other words"
                )
                wrong.append((index, message))
        if wrong:
            marked = read_marked(str(folder / f"{setting}.yaml"), edition.texts[f"{setting}.yaml"])
            yield from (marked.mistake(("indicators", index, "key"), message) for index, message in wrong)
    for setting, key in then:
        yield Mistake(str(file), 1, 1, f"“{key}” of {setting} was published and is missing now")


def _hash(indicator: Indicator) -> str:
    """SHA-256 of all that an indicator says, independent of how its YAML is laid out."""
    data = indicator.model_dump(mode="json", exclude_none=True)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
