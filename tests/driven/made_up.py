"""The 169 organisations of a campaign, in the proportions of a real one, and what each of them answers.

Nothing here is real. As in the published round of 2020-21, 169 are asked, twelve of them four-area bodies in
a round of their own; how the others are parted among the sectors is an assumption.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from functools import cached_property
from pathlib import Path

from compact.questionnaire.values import Indicator, Questionnaire
from tests.organisations.files import gias_file, school

MANY: Mapping[str, int] = {"school": 65, "early_years": 60, "statutory": 18, "voluntary": 14, "hips": 12}
HOST, AREAS = "Wexcombe Partnership", ("851", "850", "852", "921")
PARTNERSHIPS = dict(
    zip((HOST, "Northmere Partnership", "Saltholm Partnership", "Isle Partnership"), AREAS, strict=True)
)
# Numbers that a school of the one register and a pre-school of the other have both (trust A14).
SHARED_NUMBERS = ("131556", "132557")
PHASES = (("2", "Primary"), ("4", "Secondary"), ("1", "Nursery"))
NAMES = {
    "school": "School",
    "early_years": "Nursery",
    "statutory": "Service",
    "voluntary": "Group",
    "hips": "Body",
}

WEAK = ("requires_improvement", "inadequate")
GRADES = ("outstanding", "good", *WEAK, "not_applicable")
WEIGHTS = (30, 60, 4, 1, 5)


class Story(StrEnum):
    """What an organisation does in the round."""

    PROMPT = auto()  # signs in the first weeks
    REMINDED = auto()  # signs after the reminder of 30 days
    HURRIED = auto()  # signs after the one of 7 days
    LAST_DAY = auto()
    LATE = auto()  # signs after the mail that says so
    MORE_TIME = auto()  # is given more time, and signs in it
    EXCUSED = auto()
    HALF_DONE = auto()  # answers more than half, and never the rest
    SILENT = auto()  # never opens it
    RETURNED = auto()  # its first mails come back: nobody reads them; somebody else is asked, and signs


# So many do each; all others are prompt.
STORIES: Mapping[Story, int] = {
    Story.REMINDED: 30,
    Story.HURRIED: 20,
    Story.LAST_DAY: 8,
    Story.LATE: 6,
    Story.MORE_TIME: 5,
    Story.EXCUSED: 3,
    Story.HALF_DONE: 4,
    Story.SILENT: 5,
    Story.RETURNED: 1,
}


@dataclass(frozen=True)
class Answered:
    """An answer as it was typed. `choice` is a grade's key, or not_applicable."""

    choice: str
    evidence: str
    reason: str


@dataclass(frozen=True)
class Organisation:
    """A made-up organisation, the one who signs for it, and its part in the story."""

    number: int
    setting: str
    register: str
    identifier: str
    name: str
    story: Story

    @property
    def key(self) -> str:
        return f"{self.register}:{self.identifier}"

    @property
    def email(self) -> str:
        return f"head{self.number}@example.org"

    @property
    def address(self) -> str:
        """The network address that its head comes from."""
        return f"10.0.{self.number // 200}.{self.number % 200 + 1}"

    @cached_property
    def chance(self) -> random.Random:
        return random.Random(self.number)  # noqa: S311 - what somebody answers here is no secret

    def facts(self, questionnaire: Questionnaire) -> dict[str, bool]:
        return {fact.key: self.chance.random() < 0.6 for fact in questionnaire.profile}

    def answer(self, indicator: Indicator) -> Answered:
        choice = self.chance.choices(GRADES, WEIGHTS)[0]
        text = f"The papers of {self.name} on {indicator.key}, looked at in spring by the governing body."
        return Answered(choice, text, "It cannot apply here." if choice == "not_applicable" else "")


def organisations() -> list[Organisation]:
    """All of them; the same each time."""
    stories = [story for story, many in STORIES.items() for _ in range(many)]
    settings = [setting for setting, many in MANY.items() for _ in range(many)]
    stories += [Story.PROMPT] * (len(settings) - MANY["hips"] - len(stories))
    random.Random(169).shuffle(stories)  # noqa: S311 - as above
    stories += [Story.REMINDED if number % 4 else Story.PROMPT for number in range(MANY["hips"])]
    return [
        Organisation(number, setting, *_identity(number, setting), story)
        for number, (setting, story) in enumerate(zip(settings, stories, strict=True))
    ]


def a_quarter(of: Iterable[Organisation]) -> list[Organisation]:
    """A quarter of those of each sector and story, one at least, and all who share a number with another."""
    seen: Counter[tuple[str, Story]] = Counter()
    kept = []
    for each in of:
        group = (each.setting, each.story)
        if seen[group] % 4 == 0 or each.identifier in SHARED_NUMBERS:
            kept.append(each)
        seen[group] += 1
    return kept


def _identity(number: int, setting: str) -> tuple[str, str, str]:
    """Register, identifier and name."""
    name = f"Made-up {NAMES[setting]} {number}"
    if setting in ("school", "early_years"):
        nth = number if setting == "school" else number - MANY["school"]
        shared = SHARED_NUMBERS[nth] if nth < len(SHARED_NUMBERS) else ""
        if setting == "school":
            return "GIAS", shared or str(140_000 + number), name
        return "Ofsted", shared or f"EY{400_000 + number}", name
    return ("ODS", f"X{number}", name) if setting == "hips" else ("local", str(number), name)


def write_registers(folder: Path, all_of_them: Iterable[Organisation]) -> dict[str, Path]:
    """The files that they are imported from: the registers' own formats, and a list of the partnership's."""
    asked = list(all_of_them)
    files = {name: folder / f"{name}.csv" for name in ("gias", "ofsted-childcare", "local")}
    rows = []
    for each in asked:
        code, phase = PHASES[each.number % len(PHASES)]
        if each.register == "GIAS":
            rows.append(school(urn=each.identifier, area="851", name=each.name, phase=phase, phase_code=code))
    gias_file(files["gias"], *rows)
    head = (
        "Provider URN",
        "Provider type",
        "Provider subtype",
        "Provider status",
        "Provider name",
        "Postcode",
    )
    kind = ("Childcare on non-domestic premises", "Full day care", "Active")
    nurseries = [
        (each.identifier, *kind, each.name, "PO0 1AA") for each in asked if each.register == "Ofsted"
    ]
    _write(files["ofsted-childcare"], (*head, "Local authority"), ((*row, "Portsmouth") for row in nurseries))
    local = [
        (each.identifier, each.name, each.setting, "|".join(AREAS), each.register)
        if each.setting == "hips"
        else (each.identifier, each.name, each.setting, "851", "")
        for each in asked
        if each.setting not in ("school", "early_years")
    ]
    _write(files["local"], ("identifier", "name", "setting", "areas", "register"), local)
    return files


def write_contacts(file: Path, asked: Iterable[Organisation]) -> Path:
    _write(
        file,
        ("organisation", "email", "name", "role", "job_title"),
        ((each.key, each.email, f"Head {each.number}", "signatory", "Head") for each in asked),
    )
    return file


def _write(file: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *rows])


OPENS, CLOSES, LONGER = date(2026, 9, 7), date(2026, 12, 18), date(2027, 1, 22)
