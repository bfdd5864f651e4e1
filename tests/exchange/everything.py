"""A rich world made by the real code, the command on any database, exports taken apart and put together."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, event, insert, select, update
from sqlalchemy.orm import Session

from compact import db
from compact.access.values import Grant, Role
from compact.accounts import sessions
from compact.accounts.invitations import NewInvitation, invite
from compact.accounts.models import Membership
from compact.actions import store as actions
from compact.actions.models import Action
from compact.actions.rules import PlannedAction
from compact.analysis.committee import add_decision
from compact.analysis.decisions import About, Decided
from compact.analysis.shown import find_shown
from compact.cycles import editions
from compact.cycles import store as cycles
from compact.cycles.models import Excused
from compact.demo.answering import sign_all
from compact.demo.loading import load
from compact.desk import store as desk
from compact.desk.models import RoundMail
from compact.desk.rules import Kind, Note
from compact.desk.writing import word
from compact.exchange.models import PaperAnswer
from compact.exchange.open_format import leaving
from compact.mail import store as mail
from compact.mail.models import OutboxMail
from compact.mail.rules import Written
from compact.moderation.rules import Moderated
from compact.moderation.store import moderate
from compact.organisations.models import (
    Organisation,
    OrganisationCorrection,
    RegisterDay,
    RegisterUpload,
    Succession,
)
from compact.practice.choosing import Offer, Place, choose
from compact.practice.store import agree
from compact.questionnaire.reading import read_edition
from compact.questionnaire.values import Edition
from compact.reports import numbers, open_link
from compact.reports import statement_store as statements
from compact.reports import store as reports
from compact.reports.composing import compose
from compact.reports.counted import to_text
from compact.reports.writing_store import save_text
from compact.returns import reading, store
from compact.returns.assigning import assign
from compact.returns.handing import hand_on
from compact.returns.models import Exception_, Return
from compact.returns.reading import Kept
from compact.returns.rules import Answer
from compact.review import store as reviews
from compact.review.models import EvidencePrint, ReasonToLook, UpdateRequest
from compact.review.replying import Comment, Reply, SaidAndDid, Visited
from compact.sign_off.reopening import reopen
from compact.sign_off.store import note_ratification
from compact.tables import metadata
from compact.trail import security
from config import ROOT
from tests.conftest import Ended, Template
from tests.exchange import rows as finished
from tests.making import NOW

FINISHED, FOUR_AREAS = "Compact, spring 2026", "Four-area round, spring 2026"
# Composed and decomposed, right to left, four bytes, what JSON and CSV and spreadsheets stumble over.
NASTY = (
    "caf\u00e9 cafe\u0301 \u212b \u202e\u05d0\u05d1 \u0639\u0631 \U0001f642\U0001f469\u200d\U0001f4bb "
    '\ufeff\u2028\u2029\x85\x0b\x0c\x1b[31m\x7f "quoted" \\u0041 \'=1+1 \ufffd \uffff\r\n\t<b>{{7*7}}</b> '
)

# What both databases hold as text; `Cs` are halves of surrogate pairs.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


class Killed(BaseException):
    """The process ends here; no `except Exception` sees it."""


@contextmanager
def before(statement: str, do: Callable[[], None]) -> Iterator[None]:
    """Do something once, just before a statement that begins so."""
    done: list[str] = []

    def listen(_connection: object, _cursor: object, said: str, *_rest: object) -> None:
        if said.startswith(statement) and not done:
            done.append(said)
            do()

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert done


def run(url: str, *arguments: object, environment: str = "test") -> Ended:
    """The `compact` command on a database, with the questionnaires of the house."""
    from compact.cli import main

    env = {"COMPACT_ENV": environment, "DATABASE_URL": url, "QUESTIONNAIRES": str(ROOT / "questionnaires")}
    result = CliRunner(env=env).invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


@cache
def edition() -> Edition:
    """The edition of the house."""
    return read_edition(ROOT / "questionnaires" / "2026")


_filled: dict[str, str] = {}


def filled(template: Template, folder: Path) -> str:
    """The address of a full database of this kind, which takes a while and is made once in a process.

    It goes with what the template lies in. Who changes something works on a copy.
    """
    if template.url not in _filled:
        url = template.copy("full")
        fill(url, folder)
        _filled[template.url] = url
    return _filled[template.url]


def fill(url: str, folder: Path) -> None:
    """The demo, and what it lacks: reopened, with exceptions, imported, excused, succeeded, published."""
    app, engine = Flask(__name__), db.make_engine(url)
    editions.init_app(app, {edition().name: edition()})
    with app.app_context(), db.begin_writing(db.open_session(engine)) as session:
        load(session, NOW)
        _sign_again(session)
        _write_nastily(session)
        _excuse_and_succeed(session)
        decided = Decided(About("school", 4), NASTY, "The board", date(2027, 3, 31))
        add_decision(session, 1, 1, decided, by=1, at=NOW)
        _publish(session)
        _read_a_return(session)
        _reopen_and_invite(session)
        _give_a_standard(session)
        _sit_at_the_desk(session)
        sessions.begin(session, 1, NOW, proved_by="password", proved_twice=False)
        session.commit()
    engine.dispose()
    clubs = [
        finished.row(f"local:{number}", "safeguarding-culture", setting="voluntary", name=f"Club {number}")
        for number in (901, 902)
    ]
    assert (
        run(url, "returns", "import", finished.write(folder / "clubs.csv", clubs), "--cycle", FINISHED).code
        == 0
    )


def _sit_at_the_desk(session: Session) -> None:
    """A mail about the first round that came back, a call, and a partnership's own wording."""
    cycle = cycles.cycle_by_id(session, 1)
    assert cycle is not None
    signs = Membership.role == "signatory"
    organisation = session.scalars(select(Membership.organisation_id).where(signs)).first()
    assert organisation is not None
    place = {"cycle_id": cycle.id, "organisation_id": organisation}
    row = {"occasion": "message 1", "kind": "message", "person_id": 1, "by_id": None, "at": NOW}
    made = mail.queue(session, recipient="head@example.org", subject="Open", text=NASTY, at=NOW)
    session.execute(insert(RoundMail).values(**place, **row, mail_id=made))
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == made)
        .values(sent_at=NOW, next_try_at=None, returned_at=NOW, last_error=NASTY)
    )
    desk.add_note(session, cycle.id, organisation, Note("The office", NOW.date(), NASTY), by=1, at=NOW)
    on_paper = {
        "key": "no-such-key",
        "grade": None,
        "not_applicable": True,
        "reason": NASTY,
        "evidence": NASTY,
    }
    session.execute(insert(PaperAnswer).values(**place, **on_paper, version=1, by_id=1, at=NOW))
    word(session, cycle.partnerships[0], Kind.LATE, Written("Ours", NASTY), by=1, at=NOW)


def _give_a_standard(session: Session) -> None:
    draft = session.scalars(select(Return.id).where(Return.status == "draft").order_by(Return.id)).first()
    assert draft is not None
    assign(session, draft, {4: 1})


def _sign_again(session: Session) -> None:
    """A four-area body's signed return, reopened: another number, with exceptions, signed as well."""
    cycle = cycles.cycle_by_name(session, FOUR_AREAS)
    assert cycle is not None
    before = session.scalars(select(Return).where(Return.cycle_id == cycle.id).order_by(Return.id)).first()
    assert before is not None
    again = store.add_return(session, cycle.id, before.organisation_id, number=2, now=NOW)
    facts, kept = reading.facts_of(session, before.id), reading.kept_answers(session, before.id)
    store.save_profile(session, again, facts)
    store.write_answers(
        session, again, [(key, Kept(each.answer, 1, None, NOW)) for key, each in kept.items()]
    )
    key = next(key for key, each in kept.items() if each.answer.grade)
    there = {"return_id": again, "key": key, "note": NASTY}
    graded = {
        **there,
        "partnership_id": cycle.partnerships[1],
        "grade": "outstanding",
        "not_applicable": False,
    }
    other = {**there, "partnership_id": cycle.partnerships[2], "grade": None, "not_applicable": True}
    session.execute(insert(Exception_), [graded, other])
    person = session.scalars(
        select(Membership.person_id).where(
            Membership.organisation_id == before.organisation_id, Membership.role == "signatory"
        )
    ).one()
    sign_all(session, [again], {before.organisation_id: person}, NOW)
    note_ratification(session, again, date(2026, 10, 1), by=person, at=NOW)


def _write_nastily(session: Session) -> None:
    """Whatever people may type, in a draft, about it and in the plan; the action changed once."""
    draft = session.scalars(select(Return).where(Return.status == "draft").order_by(Return.id)).first()
    assert draft is not None
    key = next(iter(reading.kept_answers(session, draft.id)))
    before = reading.kept_answers(session, draft.id)[key]
    typed = store.TypedAnswer(Answer("good", False, NASTY, NASTY * 50), before.version)
    store.save_answers(session, draft.id, {key: typed}, 1, NOW + timedelta(microseconds=1))
    hand_on(session, draft.id, by=1, at=NOW, reason=NASTY)
    hand_on(session, draft.id, by=1, at=NOW)
    planned = PlannedAction(NASTY, "A lead", date(2027, 2, 28), "not_started")
    actions.add_action(
        session,
        organisation_id=draft.organisation_id,
        return_id=draft.id,
        key=key,
        planned=planned,
        by=1,
        at=NOW,
    )
    made = session.scalars(select(Action).order_by(Action.id.desc())).first()
    assert made is not None
    done = PlannedAction(NASTY, "Another lead", date(2027, 2, 28), "done", NASTY)
    place = (session, draft.organisation_id, made.id)
    assert actions.change_action(*place, 1, done, by=None, at=NOW, note=NASTY)


def _reopen_and_invite(session: Session) -> None:
    """A draft of a second number; a role offered by mail, which still waits with its secret."""
    signed = session.scalars(select(Return.id).where(Return.status == "signed", ~Return.imported)).first()
    assert signed is not None
    row = reading.find_return(session, signed, None)
    assert row is not None
    reopen(session, row, NASTY, by=1, at=NOW)
    grant = Grant(Role.CONTRIBUTOR, organisation_id=row.organisation_id)
    invite(
        session, NewInvitation("new@example.org", "Noé", grant), by=1, base_url="https://x.example", now=NOW
    )
    security.note(session, "signed in", security.Seen("192.0.2.1", NASTY), by=1, at=NOW)


def _excuse_and_succeed(session: Session) -> None:
    first, second = session.scalars(select(Organisation.id).order_by(Organisation.id.desc()).limit(2)).all()
    session.execute(
        update(Organisation).where(Organisation.id == first).values(status="closed", closed_on=NOW.date())
    )
    session.execute(
        insert(Succession).values(old_id=first, new_id=second, on=date(2026, 9, 1), kind="merger")
    )
    corrected = {"field": "name", "register_said": NASTY, "was": NASTY, "corrected": "Its name", "why": NASTY}
    session.execute(
        insert(OrganisationCorrection).values(organisation_id=second, by_id=1, at=NOW, **corrected)
    )
    session.execute(insert(RegisterDay).values(register="gias", area="991", as_of=date(2026, 7, 14)))
    waits = {"register": "gias", "name": NASTY, "only": "", "content": b"x"}
    session.execute(insert(RegisterUpload).values(person_id=1, at=NOW, **waits))
    session.execute(insert(Excused).values(cycle_id=1, organisation_id=first, why="It closes."))


def _publish(session: Session) -> None:
    """A summary, and another one in its place."""
    cycle = cycles.cycle_by_name(session, FINISHED)
    assert cycle is not None
    host = cycle.partnerships[0]
    shown = find_shown(session, cycle, edition(), partnership=host, sector="school")
    summary = compose(shown, cycle, edition(), "Wexcombe")
    for foreword in ("The first.", NASTY):
        counted = to_text(numbers.counted_now(session, cycle.id, host, "school"))
        reports.publish(
            session,
            cycle.id,
            host,
            summary,
            foreword=foreword,
            by=1,
            at=NOW,
            why=NASTY,
            corrects=True,
            counted=counted,
        )
    place = (session, cycle.id, host, "school")
    save_text(*place, "actions", NASTY, shown_version=0, by=1, at=NOW)
    open_link.open_to_anyone(*place, by=1, at=NOW)
    agree(session, 1, "no-such-key", NASTY, by=1, at=NOW)
    offer = Offer(1, "no-such-key", "A school", "good", NASTY, 1)
    chosen_for = Place(cycle, host, "school", offer.key)
    choose(session, chosen_for, offer, NASTY, shown_version=0, by=1, at=NOW)
    statements.save(session, cycle.id, host, NASTY, NASTY, shown_version=0, by=1, at=NOW)


def _read_a_return(session: Session) -> None:
    """What a partnership makes of the first return that has an action: moderated, decided, told, visited."""
    action = session.scalars(select(Action).order_by(Action.id)).first()
    assert action is not None
    partnership = reading.partnerships_of(session, action.raised_in)[0]
    place = (session, action.raised_in, partnership)
    moderate(*place, action.key, Moderated("good", NASTY), shown_version=0, by=1, at=NOW)
    reviews.comment_on(*place, action.id, Comment(False, NASTY), shown_version=0, by=1, at=NOW)
    reviews.note_visit(*place, Visited(NOW.date(), "The officer", NASTY), by=1, at=NOW)
    reviews.save_reply(*place, Reply("points", NASTY), shown_version=1, by=1, at=NOW)
    reviews.send_reply(*place, shown_version=2, by=1, at=NOW)
    reviews.add_line(session, 1, partnership, SaidAndDid("Too long", "Made shorter"), by=1, at=NOW)
    of_return = {"return_id": action.raised_in}
    asked = {"partnership_id": partnership, "asked_at": NOW, "by_id": 1}
    session.execute(insert(UpdateRequest).values(**of_return, **asked))
    session.execute(insert(EvidencePrint).values(**of_return, key="no-such-key", print="-"))
    session.execute(insert(ReasonToLook).values(**of_return, name="late", weight=1, about="{}"))


def rows_of(engine: Engine, table: Table) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)


def all_rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    return {table.name: rows_of(engine, table) for table in metadata.sorted_tables}


def leaving_rows(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All that leaves, read by itself: table by table and column by column."""
    with engine.connect() as connection:
        return {
            each.name: sorted((tuple(row) for row in connection.execute(select(*each.columns))), key=repr)
            for each in leaving()
        }


def entries_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table_files(file: Path) -> dict[str, bytes]:
    return {name: data for name, data in entries_of(file).items() if name.startswith("tables/")}


def write(file: Path, entries: Mapping[str, bytes]) -> Path:
    """A ZIP file of these entries, as another program would write it."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file


def forged(file: Path, target: Path, table: str, change: Callable[[bytes], bytes]) -> Path:
    """An export with one table's file changed, its manifest made to fit: what only the rows give away."""
    entries = entries_of(file)
    name = f"tables/{table}.jsonl"
    entries[name] = change(entries[name])
    manifest = json.loads(entries["manifest.json"])
    listed = next(each for each in manifest["tables"] if each["file"] == name)
    listed["bytes"] = len(entries[name])
    listed["rows"] = entries[name].count(b"\n")
    listed["sha256"] = hashlib.sha256(entries[name]).hexdigest()
    return with_manifest(write(target, entries), target, manifest)


def with_manifest(file: Path, target: Path, manifest: object) -> Path:
    return write(target, {**entries_of(file), "manifest.json": json.dumps(manifest).encode()})


def row_changed(**values: Any) -> Callable[[bytes], bytes]:
    """Change the first row: these values in it; `...` takes a value away."""

    def change(data: bytes) -> bytes:
        first, _, rest = data.partition(b"\n")
        row = {**json.loads(first), **values}
        kept = {name: value for name, value in row.items() if value is not ...}
        return json.dumps(kept).encode() + b"\n" + rest

    return change


def lines_changed(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    """Change the lines of a file, each with its line feed."""
    return lambda data: b"".join(change(data.splitlines(keepends=True)))
