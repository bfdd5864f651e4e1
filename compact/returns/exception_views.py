"""The pages of a return's exceptions: where a body of several areas answers otherwise for a partnership."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, url_for

from compact import db
from compact.access import guard
from compact.access.values import Act
from compact.cycles import editions
from compact.questionnaire.values import Indicator
from compact.web.clock import now
from compact.web.identifiers import warnings_beside
from compact.web.problems import FieldProblem

from . import exception_store as store
from . import reading
from .exception_store import ExceptionKept
from .exceptions import GivenException, TypedException, parse_exception, still_asked
from .forms import ExceptionForm
from .limits import NOTE_LIMIT
from .plan import keys_with_action
from .reading import ReturnRow
from .recognisable import say_on_next_page
from .rules import UNANSWERED, Answer, asked
from .views import Page, blueprint, choices_of_grades

Place = tuple[ReturnRow, str, Indicator]
CHANGED = "Somebody else changed this exception meanwhile. Compare, then save yours again"
CHANGED_BEFORE_REMOVAL = "Somebody else changed this exception meanwhile. Read it, then remove it again"


@blueprint.get("/returns/<int:return_id>/exceptions")
def exceptions(return_id: int) -> Page:
    row, person = _row(), guard.signed_in_person()
    session = db.session()
    indicators = _asked(row)
    kept = still_asked(store.exceptions_seen(session, row, person), indicators)
    return render_template(
        "returns/exceptions.html",
        row=row,
        partnerships=store.partnerships_seen(session, row, person),
        exceptions=kept,
        indicators={each.key: each for each in indicators},
        answers=reading.choices_of(session, return_id),
        scale=editions.edition(row.edition).scale,
        may_edit=row.is_draft and guard.allows(Act.EDIT_RETURN),
    )


@blueprint.get("/returns/<int:return_id>/exceptions/<int:partnership_id>")
def choose_exception(return_id: int, partnership_id: int) -> Page:
    row, partnership = _partnership(partnership_id)
    if not row.is_draft:
        return redirect(url_for("returns.exceptions", return_id=return_id))
    edition = editions.edition(row.edition)
    kept = reading.exceptions_of(db.session(), return_id)
    return render_template(
        "returns/choose_exception.html",
        row=row,
        partnership_id=partnership_id,
        there=partnership,
        standards=edition.standards,
        indicators=_asked(row),
        answers=reading.choices_of(db.session(), return_id),
        noted={each.key for each in kept if each.partnership_id == partnership_id},
        scale=edition.scale,
    )


@blueprint.get("/returns/<int:return_id>/exceptions/<int:partnership_id>/<key>")
def exception(return_id: int, partnership_id: int, key: str) -> Page:
    place = _place(partnership_id, key)
    if not place[0].is_draft:
        return redirect(url_for("returns.exceptions", return_id=return_id))
    kept = store.exception_kept(db.session(), return_id, partnership_id, key)
    return _page(place, partnership_id, _as_typed(kept.given), kept)


@blueprint.post("/returns/<int:return_id>/exceptions/<int:partnership_id>/<key>")
def post_exception(return_id: int, partnership_id: int, key: str) -> Page:
    place = _place(partnership_id, key)
    form = ExceptionForm()
    typed = TypedException(form.grade.data or "", form.note.data or "")
    scale = editions.edition(place[0].edition).scale
    given = parse_exception(scale, _main(return_id, key), typed)
    if isinstance(given, tuple):
        kept = store.exception_kept(db.session(), return_id, partnership_id, key)
        return _page(place, partnership_id, typed, kept, given, shown=form.shown_version)
    if not _written((return_id, partnership_id, key), given, form.shown_version):
        kept = store.exception_kept(db.session(), return_id, partnership_id, key)
        return _page(place, partnership_id, typed, kept, (FieldProblem("note", CHANGED),), theirs=True)
    return _saved(place, partnership_id, given)


@blueprint.post("/returns/<int:return_id>/exceptions/<int:partnership_id>/<key>/remove")
def remove_exception(return_id: int, partnership_id: int, key: str) -> Page:
    place = _place(partnership_id, key)
    if not _written((return_id, partnership_id, key), None, ExceptionForm().shown_version):
        kept = store.exception_kept(db.session(), return_id, partnership_id, key)
        problem = FieldProblem("note", CHANGED_BEFORE_REMOVAL)
        return _page(place, partnership_id, _as_typed(kept.given), kept, (problem,))
    flash(f"There is no exception for {place[1]} to {place[2].asked}.", "success")
    return redirect(url_for("returns.exceptions", return_id=return_id))


def _written(place: tuple[int, int, str], given: GivenException | None, shown_version: int) -> bool:
    """Whether it was written; not over what its author has not seen. Raises SignedMeanwhile."""
    session, person = db.writing(), guard.signed_in_person()
    try:
        store.write_exception(session, place, given, shown_version=shown_version, by=person.id, at=now())
    except store.ChangedMeanwhile:
        session.rollback()
        return False
    session.commit()
    return True


def _saved(place: Place, partnership_id: int, given: GivenException) -> Page:
    """On to the exceptions, or to the plan where a weak one wants an action; either says what was saved."""
    row, partnership, indicator = place
    flash(f"The exception for {partnership} is saved: {indicator.asked}.", "success")
    page = url_for("returns.exception", return_id=row.id, partnership_id=partnership_id, key=indicator.key)
    say_on_next_page(f"The exception for {partnership}", page, {"note": given.note})
    weak = given.grade in editions.edition(row.edition).scale.weak_keys
    if weak and indicator.key not in keys_with_action(db.session(), row):
        return redirect(url_for("returns.actions", return_id=row.id))
    return redirect(url_for("returns.exceptions", return_id=row.id))


def _row() -> ReturnRow:
    """The return; whoever works for one partnership alone has no exceptions, and no such page."""
    row = guard.found(ReturnRow)
    return row if row.works_in_several else abort(404)


def _partnership(partnership_id: int) -> tuple[ReturnRow, str]:
    """The return and the name of one of its partnerships."""
    row = _row()
    partnerships = store.partnerships_seen(db.session(), row, guard.signed_in_person())
    return row, partnerships.get(partnership_id) or abort(404)


def _place(partnership_id: int, key: str) -> Place:
    """The return, the partnership's name and the indicator: one that is asked."""
    row, partnership = _partnership(partnership_id)
    indicator = next((each for each in _asked(row) if each.key == key), None)
    return row, partnership, indicator or abort(404)


def _asked(row: ReturnRow) -> tuple[Indicator, ...]:
    questionnaire = editions.questionnaire(row.edition, row.setting)
    return asked(questionnaire.indicators, row.facts)


def _main(return_id: int, key: str) -> Answer:
    kept = reading.kept_answers(db.session(), return_id, [key])
    return kept[key].answer if key in kept else UNANSWERED


def _as_typed(given: GivenException | None) -> TypedException:
    return TypedException(given.choice, given.note) if given else TypedException()


def _page(
    place: Place,
    partnership_id: int,
    typed: TypedException,
    kept: ExceptionKept,
    problems: Sequence[FieldProblem] = (),
    *,
    shown: int | None = None,
    theirs: bool = False,
) -> str:
    """The form. `shown` is the version that was on the page before; by default what is kept is seen now."""
    row, partnership, indicator = place
    edition = editions.edition(row.edition)
    return render_template(
        "returns/exception.html",
        row=row,
        partnership_id=partnership_id,
        there=partnership,
        indicator=indicator,
        main=_main(row.id, indicator.key),
        scale=edition.scale,
        choices=choices_of_grades(edition),
        typed=typed,
        kept=kept,
        version=kept.version if shown is None else shown,
        theirs=theirs,
        limit=NOTE_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
        warnings=warnings_beside({"note": typed.note}),
    )
