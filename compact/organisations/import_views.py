"""Importing a register's file in the browser: choose it, look at what it would do, have just that done."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from compact import db
from compact.access import guard
from compact.trail import store as trail
from compact.web.cli import InputMistakes
from compact.web.clock import now, today
from compact.web.problems import FieldProblem

from . import desk, importing, registers, store, uploads
from .corrections import typed_line
from .desk import Desk
from .importing import Importing, fields_of
from .registers import CHILDCARE, REGISTERS, Source
from .rules import Change
from .uploads import Upload
from .views import Page

blueprint = Blueprint("register_files", __name__)

LARGEST_FILE = 10 * 1024 * 1024
MOST_LISTED = 200
FILE = "file.csv"  # what its mistakes call it before they are shown
MEANWHILE = "Something changed since you looked. This is what the import would do now: look again"
LOOK_FIRST = "Say that you have looked at this"


@dataclass(frozen=True)
class Listed:
    """The first lines of a list, and how many more there are."""

    lines: Sequence[tuple[str, ...]]
    more: int


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "upload", uploads.find_upload)


@blueprint.get("/organisations/import")
def choose() -> Page:
    return _choose_page("", "", ())


@blueprint.post("/organisations/import")
def upload() -> Page:
    """Keep the file for an hour if it can be read, and show what it would do."""
    register, only = request.form.get("register", ""), typed_line(request.form.get("only", ""))[:100]
    chosen = request.files.get("file")
    data = chosen.read(LARGEST_FILE + 1) if chosen and chosen.filename else b""
    problems = _problems(register, chosen is not None and bool(chosen.filename), data)
    if problems:
        return _choose_page(register, only, problems)
    only = only if register == CHILDCARE else ""
    here = guard.found(Desk)
    try:
        registers.read(_source(register, only, data), _place(db.session(), here))
    except InputMistakes as wrong:
        return _choose_page(register, only, (_refused(wrong),), _lines(wrong))
    kept = uploads.keep(
        db.writing(),
        person_id=guard.signed_in_person().id,
        register=register,
        name=typed_line(chosen.filename or "")[:100] if chosen else "",
        only=only,
        content=data,
        at=now(),
    )
    db.session().commit()
    return redirect(url_for("register_files.look", upload_id=kept))


@blueprint.get("/organisations/import/<int:upload_id>")
def look(upload_id: int) -> Page:
    """What the file would do now, in numbers and row by row. Nothing is done yet."""
    found = _importing(db.session(), uploads.content_of(db.session(), upload_id))
    return _look_page(found, ()) if found else redirect(url_for("register_files.choose"))


@blueprint.post("/organisations/import/<int:upload_id>")
def apply(upload_id: int) -> Page:
    """Do what was shown. Where it would do something else now, that is shown instead."""
    session = db.writing()
    content = uploads.content_of(session, upload_id, lock=True)
    store.lock_for_import(session)
    found = _importing(session, content)
    if content is None or found is None:
        session.rollback()
        return redirect(url_for("register_files.choose"))
    problems = _unseen(found)
    if found.fingerprint != request.form.get("shown"):
        problems = [FieldProblem("import", MEANWHILE)]
    if problems:
        session.rollback()
        return _look_page(found, problems)
    found.carry_out(session, now())
    uploads.erase(session, upload_id)
    _record(session, found, content)
    session.commit()
    flash(f"Imported: {found.plan.counts}.", "success")
    return redirect(url_for("organisations.index"))


def _record(session: Session, found: Importing, content: bytes) -> None:
    trail.record(
        session,
        "organisations imported",
        f"register {found.register}",
        by=guard.signed_in_person().id,
        at=now(),
        did=found.plan.counts,
        file=hashlib.sha256(content).hexdigest(),
    )


def _problems(register: str, is_chosen: bool, data: bytes) -> list[FieldProblem]:
    problems = []
    if register not in REGISTERS:
        problems.append(FieldProblem("register", "Choose whose file it is"))
    if not is_chosen:
        problems.append(FieldProblem("file", "Choose a file"))
    elif len(data) > LARGEST_FILE:
        text = "The file is larger than 10 MB. Download your own area’s rows alone, or ask for the command"
        problems.append(FieldProblem("file", text))
    return problems


def _refused(wrong: InputMistakes) -> FieldProblem:
    """One line for the summary; each mistake stands on the page with its line."""
    count = len(wrong.lines)
    found = "a mistake" if count == 1 else f"{count} mistakes"
    return FieldProblem("file", f"The file has {found}. Nothing was imported")


def _lines(wrong: InputMistakes) -> Listed:
    shown = (line.removeprefix("--only: ") for line in wrong.lines)
    lines = [line.replace(f"{FILE}:", "Line ", 1) if line.startswith(FILE) else line for line in shown]
    return Listed([(line,) for line in lines[:MOST_LISTED]], max(len(lines) - MOST_LISTED, 0))


def _unseen(found: Importing) -> list[FieldProblem]:
    """What speaks against the import and was not ticked as looked at."""
    wanted = (("older", found.older), ("close_many", found.closing))
    return [FieldProblem(name, LOOK_FIRST) for name, why in wanted if why and request.form.get(name) != "yes"]


def _source(register: str, only: str, data: bytes) -> Source:
    return Source(register, FILE, data, (only,) if only else ())


def _place(session: Session, here: Desk) -> registers.Place:
    return registers.Place(here.areas, store.partnerships(session), tuple(desk.sectors()))


def _importing(session: Session, content: bytes | None) -> Importing | None:
    """What the file would do; None once it is used, or where an edition went whose settings it names."""
    kept = guard.found(Upload)
    if content is None:
        return None
    try:
        reading = registers.read(_source(kept.register, kept.only, content), _place(session, kept.desk))
    except InputMistakes:
        return None
    ours = importing.Desk(frozenset(each.id for each in kept.desk.partnerships), kept.desk.areas)
    return Importing.of(session, reading, kept.register, today(), ours)


def _choose_page(
    register: str, only: str, problems: Sequence[FieldProblem], refused: Listed | None = None
) -> str:
    return render_template(
        "organisations/import.html",
        here=guard.found(Desk),
        register=register,
        only=only,
        problems=problems,
        refused=refused,
    )


def _look_page(found: Importing, problems: Sequence[FieldProblem]) -> str:
    kept, planned = guard.found(Upload), found.plan
    added = [(state.name, f"{key.register} {key.identifier}") for key, state in planned.added]
    changed = [_changed(each) for each in planned.changed]
    closed = [(each.organisation.state.name, _number(each)) for each in planned.closed]
    not_ours = [
        (f"Line {each.line}", f"{each.key.register} {each.key.identifier}") for each in found.not_ours
    ]
    return render_template(
        "organisations/look.html",
        kept=kept,
        found=found,
        plan=planned,
        added=_first(added),
        changed=_first(changed),
        closed=_first(closed),
        not_ours=_first(not_ours),
        notes=[*found.reading.notes, *found.left_alone(kept.desk.areas)][:MOST_LISTED],
        problems=problems,
    )


def _changed(change: Change) -> tuple[str, ...]:
    fields = (
        f"{name.replace('_', ' ')}: {was or 'nothing'} → {becomes or 'nothing'}"
        for name, was, becomes in fields_of(change)
    )
    return change.organisation.state.name, _number(change), "; ".join(fields)


def _number(change: Change) -> str:
    key = change.organisation.key
    return f"{key.register} {key.identifier}"


def _first(lines: Sequence[tuple[str, ...]]) -> Listed:
    return Listed(lines[:MOST_LISTED], max(len(lines) - MOST_LISTED, 0))
