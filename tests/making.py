"""Small made-up editions, organisations and people for the tests."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, delete, insert, update
from sqlalchemy.orm import Session

from compact.access.values import Grant, Role
from compact.accounts import store as accounts
from compact.cycles import editions as cycle_editions
from compact.cycles import store as cycles
from compact.db import begin_writing, open_session, to_write
from compact.organisations import store as organisations
from compact.organisations.models import Organisation, OrganisationArea, Trust
from compact.questionnaire.reading import edition_of
from compact.questionnaire.values import Edition
from compact.returns import store as returns
from compact.returns.models import Return
from compact.returns.reading import Kept, partnerships_of
from compact.returns.rules import Answer
from compact.sign_off.results import write_results

NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
EDITION = "2026"
PASSWORD = "a made-up password"
# What somebody fills in to sign in their own right.
SIGNATURE = {"authority": "own", "confirm": "yes", "password": PASSWORD}

# What the mails of World's partnership end with.
FOOT = "\nIf you need help, ask Wexcombe Partnership:\nThe officers, officers@wexcombe.example\n"

# Standard -> the indicators of the test questionnaires. `commissioning` has an `asked_when`.
SCHOOL_KEYS: Mapping[int, tuple[str, ...]] = {
    1: ("leadership",),
    2: ("conduct",),
    3: ("lead-authority",),
    4: ("bullying", "pupil-voice"),
    5: ("induction",),
    6: ("recruitment",),
    7: ("allegations",),
    8: ("early-help",),
    9: ("information-sharing",),
    10: ("equality",),
    11: ("disabled-children",),
    12: ("commissioning",),
}
ALL_SCHOOL_KEYS = tuple(key for keys in SCHOOL_KEYS.values() for key in keys)
ASKED_SCHOOL_KEYS = tuple(key for key in ALL_SCHOOL_KEYS if key != "commissioning")


def common() -> dict[str, Any]:
    titles = (
        "Leadership commitment",
        "Staff responsibilities",
        "Accountability",
        "Service development and voice",
        "Training",
        "Recruitment",
        "Allegation management",
        "Inter-agency working",
        "Information sharing",
        "Equality of opportunity",
        "Disabled children",
        "Commissioning",
    )
    grades = (
        ("outstanding", "Outstanding", False),
        ("good", "Good", False),
        ("requires_improvement", "Requires improvement", True),
        ("inadequate", "Inadequate", True),
    )
    return {
        "edition": EDITION,
        "title": "Compact for tests",
        "scale": {
            "grades": [
                {"key": key, "label": label, "meaning": f"What {label} means.", "weak": weak}
                for key, label, weak in grades
            ],
            "not_applicable": {"label": "Not applicable", "meaning": "It cannot apply here."},
        },
        "standards": [
            {"number": number, "title": title, "about": f"What {title} is about."}
            for number, title in enumerate(titles, start=1)
        ],
        "documents": [
            {"key": "kcsie", "title": "Keeping children safe in education", "publisher": "The department"}
        ],
    }


def indicator(key: str, standard: int, **more: Any) -> dict[str, Any]:
    """An indicator's fields; `more` replaces or adds some, and None takes one away."""
    words = key.replace("-", " ")
    fields = {
        "key": key,
        "standard": standard,
        "text": f"All is well with {words}.",
        "asked": f"how {words} is looked after",
        "good": [f"A record of {words} can be seen."],
        "improve": f"Nobody looks at {words}.",
        "evidence": [{"show": f"The record of {words}", "held_by": "headteacher"}],
        "basis": [{"document": "kcsie", "part": "Part two", "in_force": "2025-09-01"}],
        "advice": [f"Within four weeks, the head looks at {words}."],
        "example": f"One school wrote down its {words}.",
        **more,
    }
    return {name: value for name, value in fields.items() if value is not None}


def questionnaire(setting: str = "school", **more: Any) -> dict[str, Any]:
    """A setting's file as data, whole and without a mistake; `more` replaces or adds fields."""
    fields = {
        "setting": setting,
        "title": f"Questionnaire for {setting}",
        "sector": {"school": "Schools", "early_years": "Nurseries", "hips": "Four-area bodies"}.get(
            setting, "Statutory bodies"
        ),
        "duty": "The law asks for it.",
        "introduction": ["What this is for."],
        "signed_by": "the headteacher",
        "statement": {"version": "1", "text": ["I take responsibility.", "It is true."]},
        "profile": [
            {
                "key": "commissions-services",
                "question": "Do you commission services?",
                "otherwise": "the setting does not commission services",
            }
        ],
        "indicators": [
            indicator(key, number, asked_when="commissions-services" if number == 12 else None)
            for number, keys in SCHOOL_KEYS.items()
            for key in keys
        ],
        **more,
    }
    return {name: value for name, value in fields.items() if value is not None}


def edition_texts(**settings: Mapping[str, Any]) -> dict[str, str]:
    """The files of an edition; by default of schools, nurseries, statutory and four-area bodies."""
    nursery = questionnaire(
        "early_years",
        profile=[],
        not_asked=[{"standard": 12, "why": "Nurseries do not commission services."}],
        indicators=[
            indicator(key, number) for number, keys in SCHOOL_KEYS.items() if number < 12 for key in keys[:1]
        ],
    )
    chosen = settings or {
        "school": questionnaire(),
        "early_years": nursery,
        "statutory": questionnaire("statutory"),
        "hips": questionnaire("hips"),
    }
    data = {"standards": common(), **chosen}
    return {f"{name}.yaml": yaml.safe_dump(dict(each), sort_keys=False) for name, each in data.items()}


def write_edition(root: Path, texts: Mapping[str, str] | None = None) -> Path:
    """Write an edition below a folder of editions; the folder of the edition."""
    folder = root / EDITION
    folder.mkdir(parents=True)
    for name, text in (texts or _texts_of_all()).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@cache
def _texts_of_all() -> Mapping[str, str]:
    return edition_texts()


@cache
def edition() -> Edition:
    return edition_of(EDITION, _texts_of_all(), where="tests")


@cache
def password_hash() -> str:
    """A hash of PASSWORD that is quick to verify: its own parameters say how much work it is."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def changing(engine: Engine) -> AbstractContextManager[Connection]:
    """A connection whose transaction writes past the application; committed at the end of the block."""
    return engine.execution_options(**to_write(engine.dialect)).begin()


class World:
    """A partnership with organisations, rounds and people, made step by step and committed at once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def session(self) -> Session:
        return begin_writing(open_session(self.engine))

    def partnership(self, name: str = "Wexcombe Partnership", areas: Sequence[str] = ("901",)) -> int:
        with self.session() as session:
            made = organisations.add_partnership(
                session, name, areas, contact_name="The officers", contact_email="officers@wexcombe.example"
            )
            session.commit()
        return made

    def trust(self, name: str = "Larkfield Trust") -> int:
        with self.session() as session:
            trust = Trust(name=name)
            session.add(trust)
            session.commit()
            return trust.id

    def organisation(
        self,
        name: str = "Larkfield School",
        *,
        areas: Sequence[str] = ("901",),
        setting: str = "school",
        trust: int | None = None,
        identifier: str | None = None,
    ) -> int:
        with self.session() as session:
            made = Organisation(
                register="GIAS",
                identifier=identifier or name,
                name=name,
                setting=setting,
                trust_id=trust,
                status="open",
            )
            session.add(made)
            session.flush()
            session.add_all(OrganisationArea(organisation_id=made.id, area=area) for area in areas)
            session.commit()
            return made.id

    def cycle(
        self,
        *partnerships: int,
        name: str = "Compact 2026",
        settings: Sequence[str] = ("school", "early_years", "statutory", "hips"),
        opens: date = date(2026, 9, 1),
        closes: date = date(2026, 12, 18),
        threshold: int = 9,
    ) -> int:
        """A round of the test edition, with every fitting organisation due that is there already."""
        with self.session() as session:
            cycle_editions.store_texts(session, edition())
            new = cycles.NewCycle(name, EDITION, opens, closes, threshold, partnerships, settings)
            made = cycles.open_cycle(session, new, NOW)
            session.commit()
            return made

    def person(self, name: str, *grants: Grant, email: str | None = None) -> str:
        """A person with roles; the e-mail address to sign in with. The password is PASSWORD."""
        address = email or f"{name.lower().replace(' ', '.')}@example.org"
        with self.session() as session:
            made = accounts.add_person(session, address, name, password_hash(), NOW)
            for grant in grants:
                accounts.add_membership(session, made, grant)
            session.commit()
        return address

    def started(self, cycle: int, organisation: int) -> int:
        with self.session() as session:
            made = returns.start(session, cycle, organisation, NOW)
            session.commit()
            return made

    def answer(self, return_id: int, answers: Mapping[str, Answer]) -> None:
        with self.session() as session:
            returns.write_answers(
                session, return_id, [(key, Kept(answer, 1, None, NOW)) for key, answer in answers.items()]
            )
            returns.touch(session, return_id)
            session.commit()

    def profile(self, return_id: int, **facts: bool) -> None:
        with self.session() as session:
            returns.save_profile(
                session, return_id, {fact.replace("_", "-"): answer for fact, answer in facts.items()}
            )
            session.commit()

    def signed(
        self,
        cycle: int,
        organisation: int,
        grades: Mapping[str, str | None],
        *,
        setting: str = "school",
        number: int = 1,
    ) -> int:
        """A return that counts as signed, with these grades (None: not applicable) and its results."""
        with self.session() as session:
            made = returns.add_return(session, cycle, organisation, number=number, now=NOW)
            answers = (
                (
                    key,
                    Kept(
                        Answer(grade, grade is None, "It cannot apply." if grade is None else ""),
                        1,
                        None,
                        NOW,
                    ),
                )
                for key, grade in grades.items()
            )
            returns.write_answers(session, made, answers)
            session.execute(
                update(Return)
                .where(Return.id == made)
                .values(status="signed", signed_at=NOW + timedelta(hours=1))
            )
            write_results(
                session, made, edition(), edition().questionnaires[setting], partnerships_of(session, made)
            )
            session.commit()
            return made

    def clear(self, table: Any) -> None:
        """Take every row of a table away."""
        with self.session() as session:
            session.execute(delete(table))
            session.commit()

    def insert(self, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        with self.session() as session:
            session.execute(insert(table), [dict(row) for row in rows])
            session.commit()


def signatory(organisation: int, job_title: str = "Headteacher") -> Grant:
    return Grant(Role.SIGNATORY, organisation_id=organisation, job_title=job_title)


def contributor(organisation: int) -> Grant:
    return Grant(Role.CONTRIBUTOR, organisation_id=organisation, job_title="Deputy head")


def officer(partnership: int) -> Grant:
    return Grant(Role.OFFICER, partnership_id=partnership)


def administrator() -> Grant:
    return Grant(Role.ADMINISTRATOR)
