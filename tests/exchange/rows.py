"""Rows of a file of finished returns."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from compact.exchange.finished_returns import COLUMNS

Row = Mapping[str, str]


def row(organisation: str = "local:17", indicator: str = "bullying", grade: str = "good", **more: str) -> Row:
    """A row without a mistake; `more` says the rest."""
    given = {"organisation": organisation, "indicator": indicator, "grade": grade, **more}
    return {"name": "Larkfield School", "setting": "school", "evidence": "", "reason": "", **given}


def not_applicable(organisation: str = "local:17", indicator: str = "bullying", **more: str) -> Row:
    return row(organisation, indicator, "not_applicable", **{"reason": "It cannot apply.", **more})


def write(file: Path, rows: Iterable[Row], columns: Iterable[str] = COLUMNS) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, list(columns), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return file
