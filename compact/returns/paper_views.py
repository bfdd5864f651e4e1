"""What is asked and what to gather for it, before a return is started and beside it: as pages and as PDF."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Response, abort, render_template, request, url_for

from compact.access import guard
from compact.cycles import editions
from compact.questionnaire.gathering import by_person, minutes
from compact.questionnaire.printing import ORDERS

from .drawn_once import model_answer, paper
from .reading import ReturnRow
from .rules import unanswered_facts
from .starting import DueRow
from .views import Page, blueprint


@dataclass(frozen=True)
class Asked:
    """Which questionnaire is asked, of whom, and where its pages stand. `without`: facts answered no."""

    organisation: str
    round: str
    edition: str
    setting: str
    without: frozenset[str]
    back: tuple[str, str]
    below: str


@blueprint.get("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/questions")
def read_before(cycle_id: int, organisation_id: int) -> Page:
    return _questions_page(_before())


@blueprint.get("/returns/<int:return_id>/questions")
def read_questions(return_id: int) -> Page:
    return _questions_page(_beside())


@blueprint.get("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/evidence")
def evidence_before(cycle_id: int, organisation_id: int) -> Page:
    return _evidence_page(_before())


@blueprint.get("/returns/<int:return_id>/evidence")
def evidence(return_id: int) -> Page:
    return _evidence_page(_beside())


@blueprint.get("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/questions.pdf")
def questions_before(cycle_id: int, organisation_id: int) -> Response:
    due = guard.found(DueRow)
    return _questions(due.edition, due.setting)


@blueprint.get("/returns/<int:return_id>/questions.pdf")
def questions(return_id: int) -> Response:
    row = guard.found(ReturnRow)
    return _questions(row.edition, row.setting, _answered_no(row))


def _before() -> Asked:
    due = guard.found(DueRow)
    start = url_for("returns.start", cycle_id=due.cycle_id, organisation_id=due.organisation_id)
    back, below = (due.cycle, start), start.removesuffix("/start")
    return Asked(due.organisation, due.cycle, due.edition, due.setting, frozenset(), back, below)


def _beside() -> Asked:
    row = guard.found(ReturnRow)
    below = url_for("returns.task_list", return_id=row.id)
    without, back = _answered_no(row), ("Task list", below)
    return Asked(row.organisation, row.cycle_and_number, row.edition, row.setting, without, back, below)


def _answered_no(row: ReturnRow) -> frozenset[str]:
    """The facts that leave indicators out; none before the whole profile is answered."""
    if row.imported or unanswered_facts(editions.questionnaire(row.edition, row.setting), row.facts):
        return frozenset()
    return frozenset(fact for fact, said in row.facts.items() if not said)


def _questions_page(asked: Asked) -> str:
    edition = editions.edition(asked.edition)
    whole = edition.questionnaires[asked.setting]
    questionnaire = whole.without(asked.without)
    return render_template(
        "returns/questions.html",
        asked=asked,
        edition=edition,
        questionnaire=questionnaire,
        left_out=[fact for fact in whole.profile if fact.key in asked.without],
        models={each.key: model_answer(edition, asked.setting, each) for each in questionnaire.indicators},
    )


def _evidence_page(asked: Asked) -> str:
    edition = editions.edition(asked.edition)
    whole = edition.questionnaires[asked.setting]
    questionnaire = whole.without(asked.without)
    return render_template(
        "returns/evidence.html",
        asked=asked,
        edition=edition,
        held=by_person(questionnaire.indicators),
        left_out=[fact for fact in whole.profile if fact.key in asked.without],
        depends=[] if asked.without else questionnaire.profile,
        times=[
            (number, len(indicators), minutes(indicators))
            for number, indicators in questionnaire.by_standard.items()
            if indicators
        ],
        minutes=minutes(questionnaire.indicators),
    )


def _questions(edition: str, setting: str, without: Collection[str] = ()) -> Response:
    """In the order asked, or with `?by=person` as lists of evidence for the people to ask."""
    by = request.args.get("by", "standard")
    if by not in ORDERS:
        abort(404)
    made = paper(editions.edition(edition), setting, by, without)
    response = Response(made, mimetype="application/pdf")
    name = "questions" if by == "standard" else "evidence-to-gather"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{edition}-{setting}.pdf"'
    return response
