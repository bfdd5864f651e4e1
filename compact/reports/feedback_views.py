"""The page that tells an organisation what came of its return, and the paper for its governors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, abort, render_template, request

from compact import db
from compact.access import guard, noting, scope
from compact.access.rules import may
from compact.access.values import Act
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.documents.file_names import file_name
from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns import reading
from compact.returns.earlier import last_return
from compact.returns.exception_store import actions_seen
from compact.returns.moves import Move
from compact.returns.reading import ReturnRow
from compact.returns.rules import Answer
from compact.review.store import Line, lines_of
from compact.review.told import replies_to
from compact.web.clock import today

from . import feedback
from .feedback import BesideSector, Changes
from .feedback_drawing import plots
from .governors import Paper, as_pdf
from .numbers import NumberRow, numbers_of
from .views import blueprint


@dataclass(frozen=True)
class Feedback:
    """What the person of this request may be told of a return, by the partnerships that are `readable`.

    `withdrawn`: the sector's last summary, where all that was published is withdrawn.
    """

    row: ReturnRow
    edition: Edition
    questionnaire: Questionnaire
    indicators: tuple[Indicator, ...]
    answers: Mapping[str, Answer]
    changes: Changes | None
    beside: BesideSector | None
    withdrawn: NumberRow | None
    partnerships: dict[int, str]
    readable: list[int]


@blueprint.get("/returns/<int:return_id>/feedback")
def show_feedback(return_id: int) -> str:
    told = _feedback(request.args.get("partnership"))
    is_own = told.row.organisation_id in guard.signed_in_person().organisations
    return render_template(
        "reports/feedback.html",
        row=told.row,
        edition=told.edition,
        questionnaire=told.questionnaire,
        changes=told.changes,
        beside=told.beside,
        withdrawn=told.withdrawn,
        plots=plots(told.beside, "You" if is_own else "They") if told.beside else {},
        partnerships=told.partnerships,
        moves=Move,
        replies=replies_to(db.session(), return_id, told.readable),
        lines=_lines(told),
        is_own=is_own,
        is_over=today() > told.row.closes,
    )


@blueprint.get("/returns/<int:return_id>/governors.pdf")
def governors_paper(return_id: int) -> Response:
    told = _feedback(None)
    row = told.row
    paper = Paper(
        row,
        told.edition,
        told.questionnaire,
        told.indicators,
        told.answers,
        actions_seen(db.session(), row, guard.signed_in_person()),
        told.changes,
        told.beside,
        today(),
    )
    response = Response(as_pdf(paper), mimetype="application/pdf")
    name = file_name(f"governors-{row.id}-number-{row.number}", row.organisation, ending="pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _feedback(wanted: str | None) -> Feedback:
    """The feedback on the return of this request; of several partnerships' the one wanted, or the first."""
    row, session = guard.found(ReturnRow), db.session()
    edition = editions.edition(row.edition)
    questionnaire = edition.questionnaires[row.setting]
    indicators = feedback.asked_in(session, row, questionnaire)
    answers = reading.choices_of(session, row.id)
    changes = _changes(row, edition, answers, indicators)
    readable = _partnerships(row)
    published = feedback.published_for_return(session, row, readable)
    chosen = next((each for each in published if wanted in (None, str(each))), None)
    if chosen is None and wanted is not None:
        abort(404)
    beside = chosen and feedback.beside_sector(
        session, row, chosen, published[chosen], answers=answers, indicators=indicators
    )
    names = cycle_store.names_of_partnerships(session, list(published))
    withdrawn = None if published else _withdrawn(row, readable)
    return Feedback(
        row, edition, questionnaire, indicators, answers, changes, beside or None, withdrawn, names, readable
    )


def _withdrawn(row: ReturnRow, partnerships: Sequence[int]) -> NumberRow | None:
    rows = (numbers_of(db.session(), row.cycle_id, each, row.setting) for each in partnerships)
    return next((of_partnership[0] for of_partnership in rows if of_partnership), None)


def _lines(told: Feedback) -> dict[str, list[Line]]:
    """“You said, we did” of the return's round, by the name of the partnership that says so."""
    session = db.session()
    lines = lines_of(session, told.row.cycle_id, told.readable)
    names = cycle_store.names_of_partnerships(session, list(lines)) if lines else {}
    return {names[each]: said for each, said in lines.items()}


def _partnerships(row: ReturnRow) -> list[int]:
    """The partnerships of the return; for the people of one, that one alone (A6)."""
    asking = guard.signed_in_person()
    everywhere = reading.partnerships_of(db.session(), row.id)
    if row.organisation_id in asking.organisations or row.owner.trust in asking.trusts:
        return list(everywhere)
    return [each for each in everywhere if each in asking.partnerships]


def _changes(
    row: ReturnRow, edition: Edition, answers: Mapping[str, Answer], indicators: tuple[Indicator, ...]
) -> Changes | None:
    """What changed since the last return, where there is one that this person may read too.

    Whoever reads the comparison from outside has read the earlier return; its organisation is told so.
    """
    session, asking = db.session(), guard.signed_in_person()
    earlier = last_return(session, row)
    if earlier is None:
        return None
    scope.take_in(earlier.id)
    then = reading.find_return(session, earlier.id, asking)
    if then is None or not may(asking, Act.READ_RETURN, then.owner):
        return None
    if not asking.organisations & then.owner.organisations:
        noting.note_read(asking, {"return_id": earlier.id})
    return feedback.changes_since(
        earlier,
        editions.edition(earlier.edition),
        reading.choices_of(session, earlier.id),
        edition=edition,
        answers=answers,
        indicators=indicators,
    )
