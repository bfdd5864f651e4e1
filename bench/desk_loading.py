"""A partnership's desk: 1,000 organisations in five rounds, with plans, reviews, mails and inspections."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from compact import db, migrating
from compact.access.values import Grant, Role
from compact.accounts import store as accounts
from compact.accounts.passwords import hashed
from compact.cycles import editions as cycle_editions
from compact.cycles import store as cycles
from compact.organisations import store as organisations
from compact.questionnaire.reading import read_edition
from compact.trail.store import canonical

from . import edition
from .loading import (
    AREA,
    NOW,
    NOW_TEXT,
    PASSWORD,
    PATTERNS,
    Row,
    by_standard,
    gather_statistics,
    patterns,
    renumber,
    setting_of,
    write_rows,
)

ORGANISATIONS = 1_000
FIRST_YEAR, ROUNDS = 2022, 5
OFFICER = "officer@measured.example"
PLANNED, STATUSES = 4, ("not_started", "under_way", "done", "embedded")
_NUMBERS = range(1, ORGANISATIONS + 1)
_PHASES = ("primary", "secondary", "special", "nursery")
# Of the running round, by the last digit of an organisation: six have signed, two have begun.
_FULL_DRAFT, _HALF_DRAFT, _EXCUSED = 6, 7, 9
_ACTION = "organisation_id,what,lead,due,status,impact,version"


@dataclass(frozen=True)
class Desk:
    """The database that was filled: the round that is over, where all have signed, and the running one."""

    url: str
    editions: Path
    over: int
    running: int
    partnership: int

    @property
    def a_return(self) -> int:
        """A signed return of the round that is over."""
        return self.over * ORGANISATIONS + 1


def load(url: str, editions: Path) -> Desk:
    """Migrate an empty database and fill it."""
    engine = db.make_engine(url)
    migrating.upgrade(engine)
    partnership, first_cycle = _open(engine, editions)
    assert first_cycle == 1, "rounds are numbered from 1: their returns' numbers follow from it"
    for table, columns, rows in _tables(partnership):
        write_rows(engine, table, columns, rows)
    renumber(
        engine,
        [
            *("organisation", "return", "standard_result", "person", "membership", "action"),
            *("inspection", "reason_to_look", "outbox", "round_mail"),
        ],
    )
    gather_statistics(engine)
    engine.dispose()
    return Desk(url, editions, ROUNDS - 1, ROUNDS, partnership)


def _open(engine: Engine, editions: Path) -> tuple[int, int]:
    """The partnership with its officer, and its rounds, before anyone is due in them."""
    with db.begin_writing(db.open_session(engine)) as session:
        partnership = organisations.add_partnership(
            session,
            "Measured Partnership",
            (AREA,),
            contact_name="The officers",
            contact_email="officers@measured.example",
            contact_phone="01632 960000",
        )
        cycle_editions.store_texts(session, read_edition(editions / edition.EDITION))
        opened = [
            cycles.open_cycle(
                session,
                cycles.NewCycle(
                    f"Round {year}",
                    edition.EDITION,
                    date(year, 9, 1),
                    date(year + (73 if year == FIRST_YEAR + ROUNDS - 1 else 0), 12, 18),
                    9,
                    (partnership,),
                    list(edition.SETTINGS),
                ),
                NOW,
            )
            for year in range(FIRST_YEAR, FIRST_YEAR + ROUNDS)
        ]
        person = accounts.add_person(session, OFFICER, "Ellis Measured", hashed(PASSWORD), NOW)
        accounts.add_membership(session, person, Grant(Role.OFFICER, partnership_id=partnership))
        session.commit()
    return partnership, opened[0]


Table = tuple[str, str, Iterable[Row]]


def _tables(partnership: int) -> Iterator[Table]:
    yield from _places()
    yield from _returns(partnership)
    yield from _plans()
    yield from _read(partnership)
    yield from _told()


def _places() -> Iterator[Table]:
    """Organisations, each with somebody who signs, and the rounds that they are due in."""
    yield (
        "organisation",
        "id,register,identifier,name,setting,phase,postcode,status",
        (
            (
                *(each, "GIAS", f"{100_000 + each}", f"Organisation number {each}", setting_of(each)),
                *(_PHASES[each % 4] if setting_of(each) == "school" else None, f"PO{each % 40} 1AA", "open"),
            )
            for each in _NUMBERS
        ),
    )
    yield "organisation_area", "organisation_id,area", ((each, AREA) for each in _NUMBERS)
    due = ((cycle, each, NOW_TEXT) for cycle in _cycles() for each in _NUMBERS)
    yield "due", "cycle_id,organisation_id,added_at", due
    yield (
        "excused",
        "cycle_id,organisation_id,why",
        ((ROUNDS, each, "It opens next year.") for each in _NUMBERS if each % 10 == _EXCUSED),
    )
    yield (
        "person",
        "id,email,name,created_at",
        ((_signatory(each), f"head{each}@measured.example", f"Head {each}", NOW_TEXT) for each in _NUMBERS),
    )
    yield (
        "membership",
        "id,person_id,role,organisation_id,job_title",
        ((_signatory(each), _signatory(each), "signatory", each, "Headteacher") for each in _NUMBERS),
    )


def _returns(partnership: int) -> Iterator[Table]:
    """Every organisation's return in each round, signed but for some of the running round."""
    yield (
        "return",
        "id,cycle_id,organisation_id,number,setting,phase,status,imported,version,started_at,signed_at",
        (
            (
                *(_return(cycle, each), cycle, each, 1, setting_of(each)),
                _PHASES[each % 4] if setting_of(each) == "school" else None,
                *("signed" if _has_signed(cycle, each) else "draft", False, 2, _moment(cycle)),
                _moment(cycle) if _has_signed(cycle, each) else None,
            )
            for cycle, each in _begun()
        ),
    )
    yield "return_area", "return_id,area", ((_return(*place), AREA) for place in _begun())
    facts = ((_return(*place), edition.FACT, True) for place in _begun())
    yield "profile_fact", "return_id,fact,answer", facts
    columns = "return_id,key,grade,not_applicable,reason,evidence,version,updated_at"
    yield "answer", columns, _answers()
    yield "standard_result", "id,return_id,partnership_id,standard,graded,weak", _results(partnership)


def _answers() -> Iterator[Row]:
    """Eighty answers for each return; of the round that is over with evidence of 200 to 400 characters."""
    text, sets = edition.sentence(edition.chance_of(3), 20_000), patterns()
    for cycle, each in _begun():
        half = cycle == ROUNDS and each % 10 == _HALF_DRAFT
        pattern = sets[each % PATTERNS]
        for place, (key, grade) in enumerate(zip(edition.KEYS, pattern, strict=True)):
            if half and place % 2:
                continue
            at = (each * 80 + place) * 7919 % 19_000
            evidence = text[at : at + (200 + at % 200 if cycle == ROUNDS - 1 else 20)]
            reason = "" if grade else "It cannot arise in a setting like ours."
            yield _return(cycle, each), key, grade, grade is None, reason, evidence, 1, _moment(cycle)


def _results(partnership: int) -> Iterator[Row]:
    results = [by_standard(pattern) for pattern in patterns()]
    row = 0
    for cycle, each in _begun():
        for seen_from in (None, partnership) if _has_signed(cycle, each) else ():
            for standard, (graded, weak) in results[each % PATTERNS].items():
                row += 1
                yield row, _return(cycle, each), seen_from, standard, graded, weak


def _plans() -> Iterator[Table]:
    """Four actions of each organisation, raised in the round that is over; every third was written on."""
    raised, updated = f"{FIRST_YEAR + ROUNDS - 2}-10-05 09:30:00.000000", "2026-05-01 09:30:00.000000"

    def actions() -> Iterator[Row]:
        for number, (each, place) in enumerate(_planned(), start=1):
            version = 2 if each % 3 == 0 else 1
            key = edition.KEYS[(each + place * 17) % len(edition.KEYS)]
            yield number, *_action(each, place), version, key, _return(ROUNDS - 1, each), raised, updated

    def updates() -> Iterator[Row]:
        for number, (each, place) in enumerate(_planned(), start=1):
            for version in (1, 2) if each % 3 == 0 else (1,):
                at = raised if version == 1 else updated
                yield number, *_action(each, place), version, "", _signatory(each), at

    yield "action", f"id,{_ACTION},key,raised_in,created_at,updated_at", actions()
    yield "action_update", f"action_id,{_ACTION},note,by_id,at", updates()


def _planned() -> Iterator[tuple[int, int]]:
    return ((each, place) for each in _NUMBERS for place in range(PLANNED))


def _action(each: int, place: int) -> Row:
    due = f"{2026 + (each + place) % 2}-0{1 + place}-15"
    what = f"Write down with the children what they want of it, and tell the governors ({place})."
    return each, what, "The deputy head", due, STATUSES[(each + place) % len(STATUSES)], ""


def _read(partnership: int) -> Iterator[Table]:
    """What officers read of the round that is over: reasons, reviews, moderated grades, inspections."""
    thin = canonical({"count": 40, "keys": edition.KEYS[:1], "of": 80, "others": []})
    fell = canonical({"count": 3, "keys": edition.KEYS[1:4], "of": 71, "others": []})
    of = {each: _return(ROUNDS - 1, each) for each in _NUMBERS}
    yield (
        "reason_to_look",
        "id,return_id,partnership_id,name,weight,about",
        (
            (each * 2 + place, of[each], partnership if place else None, *reason)
            for each in _NUMBERS
            if each % 2
            for place, reason in enumerate((("all_top", 3, thin), ("fell", 2, fell)))
        ),
    )
    yield (
        "review",
        "return_id,partnership_id,outcome,message,by_id,at,sent_at,version",
        (
            (of[each], partnership, "points", "Thank you for your work.", 1, NOW_TEXT, sent, 2)
            for each in _NUMBERS
            if each % 3 == 0
            for sent in (NOW_TEXT if each % 2 else None,)
        ),
    )
    yield (
        "moderation",
        "return_id,partnership_id,key,grade,comment,by_id,at,version",
        (
            (of[each], partnership, key, "good", "We saw the record.", 1, NOW_TEXT, 1)
            for each in _NUMBERS
            if each % 5 == 1
            for key in edition.KEYS[:4]
        ),
    )
    schools = [each for each in _NUMBERS if setting_of(each) == "school"]
    yield (
        "inspection",
        'id,organisation_id,source,framework,"on",published_on,safeguarding',
        (
            (each, each, "ofsted-schools", "report_card", "2026-03-03", "2026-04-20", _line(each))
            for each in schools
        ),
    )
    yield (
        "inspection_judgement",
        "inspection_id,area,place,said",
        (
            (each, area, place, "Needs attention" if (each + place) % 4 == 0 else "Expected standard")
            for each in schools
            for place, area in enumerate(
                ("Inclusion", "Achievement", "Attendance and behaviour", "Leadership and governance")
            )
        ),
    )


def _line(each: int) -> str:
    return "Not met" if each % 20 == 0 else "Met"


def _told() -> Iterator[Table]:
    """The launch of the running round, and its mails, of which a few came back."""
    yield "launch", "cycle_id,at,by_id", [(ROUNDS, NOW_TEXT, 1)]
    yield (
        "outbox",
        "id,about,recipient,subject,text,message_id,queued_at,attempts,sent_at,returned_at,last_error",
        (
            (
                *(each, f"round {ROUNDS} {each}", f"head{each}@measured.example", "The round is open"),
                *("Please answer by 18 December.", f"<{each}@measured.example>", NOW_TEXT, 1, NOW_TEXT),
                *((NOW_TEXT, "no such mailbox") if each % 50 == 8 else (None, None)),
            )
            for each in _NUMBERS
        ),
    )
    yield (
        "round_mail",
        "id,cycle_id,organisation_id,occasion,kind,person_id,mail_id,by_id,at",
        ((each, ROUNDS, each, "launch", "launch", _signatory(each), each, 1, NOW_TEXT) for each in _NUMBERS),
    )


def _cycles() -> range:
    return range(1, ROUNDS + 1)


def _begun() -> Iterator[tuple[int, int]]:
    """Every round and organisation with a return there."""
    return (
        (cycle, each)
        for cycle in _cycles()
        for each in _NUMBERS
        if cycle < ROUNDS or each % 10 <= _HALF_DRAFT
    )


def _return(cycle: int, each: int) -> int:
    return cycle * ORGANISATIONS + each


def _has_signed(cycle: int, each: int) -> bool:
    return cycle < ROUNDS or each % 10 < _FULL_DRAFT


def _signatory(each: int) -> int:
    return 100 + each


def _moment(cycle: int) -> str:
    return f"{FIRST_YEAR + cycle - 1}-10-05 09:30:00.000000"
