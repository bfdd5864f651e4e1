"""An edition of 80 indicators with texts as long as the real ones; made anew, the same each time."""

import random
from pathlib import Path
from typing import Any

import yaml

EDITION = "2026"
SETTINGS = ("school", "early_years", "statutory")
STANDARDS_ASKED = 10
INDICATORS_EACH = 8
KEYS = tuple(
    f"standard-{standard:02}-indicator-{place}"
    for standard in range(1, STANDARDS_ASKED + 1)
    for place in range(1, INDICATORS_EACH + 1)
)
GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
WEAK = frozenset(GRADES[2:])
FACT = "commissions-services"

_TEXT = (
    "children staff leaders records concerns training families governors policies lessons checks reviews "
    "meetings plans advice partners worries changes volunteers parents evidence decisions practice support "
    "are is know keep follow show tell agree write ask hear and with before after every when that what they"
)
_WORDS = _TEXT.split()


def standard_of(key: str) -> int:
    return int(key.split("-")[1])


def write(root: Path) -> Path:
    """Write the edition below `root`, a folder of editions; `root` again."""
    folder = root / EDITION
    folder.mkdir(parents=True)
    files = {"standards": _common(), **{setting: _questionnaire(setting) for setting in SETTINGS}}
    for name, data in files.items():
        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root


def chance_of(seed: int | str) -> random.Random:
    """The same chance each time, so that two runs measure the same."""
    return random.Random(seed)  # noqa: S311 - texts to measure with, no secrets


def sentence(chance: random.Random, length: int) -> str:
    """A plain sentence of at least `length` characters."""
    words = [chance.choice(_WORDS)]
    while len(" ".join(words)) < length - 1:
        words.append(chance.choice(_WORDS))
    return " ".join(words).capitalize() + "."


def _common() -> dict[str, Any]:
    chance = chance_of(1)
    return {
        "edition": EDITION,
        "title": "Compact for measuring",
        "scale": {
            "grades": [
                {
                    "key": grade,
                    "label": grade.replace("_", " ").capitalize(),
                    "meaning": sentence(chance, 120),
                    "weak": grade in WEAK,
                }
                for grade in GRADES
            ],
            "not_applicable": {"label": "Not applicable", "meaning": sentence(chance, 120)},
        },
        "standards": [
            {"number": number, "title": f"Standard of kind {number}", "about": sentence(chance, 95)}
            for number in range(1, 13)
        ],
        "documents": [
            {
                "key": f"guidance-{number}",
                "title": f"Guidance number {number} for all",
                "publisher": "The department",
                "link": f"https://www.example.org/guidance/{number}",
            }
            for number in range(1, 6)
        ],
    }


def _questionnaire(setting: str) -> dict[str, Any]:
    chance = chance_of(setting)
    return {
        "setting": setting,
        "title": f"Questionnaire for {setting}",
        "sector": f"The sector of {setting}",
        "duty": sentence(chance, 130),
        "introduction": [sentence(chance, 200) for _ in range(6)],
        "signed_by": "the headteacher",
        "statement": {"version": "1", "text": [sentence(chance, 150) for _ in range(3)]},
        "profile": [
            {
                "key": FACT,
                "question": "Do you pay anyone else to work with children?",
                "otherwise": "the setting does not commission services",
            }
        ],
        "not_asked": [
            {"standard": number, "why": "It is not measured."} for number in range(STANDARDS_ASKED + 1, 13)
        ],
        "indicators": [_indicator(chance, key) for key in KEYS],
    }


def _indicator(chance: random.Random, key: str) -> dict[str, Any]:
    fields = {
        "key": key,
        "standard": standard_of(key),
        "text": sentence(chance, 110),
        "asked": sentence(chance, 50).lower().rstrip("."),
        "good": [sentence(chance, 110) for _ in range(4)],
        "improve": sentence(chance, 170),
        "evidence": [
            {"show": sentence(chance, 70).rstrip("."), "held_by": "designated safeguarding lead"}
            for _ in range(3)
        ],
        "basis": [
            {"document": f"guidance-{chance.randint(1, 5)}", "part": "Part two", "in_force": "2025-09-01"}
        ],
        "advice": [sentence(chance, 120) for _ in range(4)],
        "example": sentence(chance, 150),
    }
    return fields if not key.endswith("10-indicator-8") else {**fields, "asked_when": FACT}
