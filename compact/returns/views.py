"""The pages on which an organisation answers: start, task list, profile and the twelve standards."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.access.values import Act, Person
from compact.accounts import store as people
from compact.cycles import editions
from compact.cycles.rules import Stage, is_late, stage
from compact.questionnaire.values import Edition, Indicator
from compact.web.clock import now, today
from compact.web.errors import kept_page
from compact.web.frame import stand_for
from compact.web.identifiers import warnings_beside
from compact.web.problems import FieldProblem

from . import earlier, reading, starting, store
from .assigning import assigned
from .carrying import Offer, in_order, new_or_changed, offer, still_true
from .drawn_once import contents, model_answer, question, question_anew
from .earlier import EarlierReturn
from .exception_store import exceptions_seen
from .forms import StandardForm, field
from .handing import handing_shown
from .limits import EVIDENCE_LIMIT
from .numbers import numbers_of
from .pages import TaskList
from .pages import task_list as the_task_list
from .plan import keys_with_action
from .reading import Kept, ReturnRow
from .recognisable import say_on_next_page
from .rules import (
    NOT_APPLICABLE,
    UNANSWERED,
    Answer,
    Problem,
    asked,
    missing,
    parse,
    unanswered_facts,
)
from .starting import DueRow

blueprint = Blueprint("returns", __name__)

Page = str | Response | tuple[str, int]

EVIDENCE_HINT = (
    "What shows this, and where it is kept. Describe people by their role and name nobody. "
    f"Up to {EVIDENCE_LIMIT:,} characters."
)


@dataclass(frozen=True)
class Choice:
    """A grade, or "not applicable", as a radio button."""

    value: str
    text: str
    weak: bool


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_error_handler(store.SignedMeanwhile, _signed_meanwhile)
    guard.add_finder(app, "return", _find_return)
    guard.add_finder(app, "due", starting.find_due)


def _find_return(address: Mapping[str, Any], asking: Person) -> ReturnRow | None:
    row = reading.find_return(db.session(), address["return_id"], asking)
    if row is not None:
        stand_for(row.contact)
    return row


@blueprint.get("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/start")
def start(cycle_id: int, organisation_id: int) -> Page:
    due = guard.found(DueRow)
    if due.return_id is not None:
        return redirect(url_for("returns.task_list", return_id=due.return_id))
    if due.organisation_id != organisation_id:
        return redirect(url_for("returns.start", cycle_id=cycle_id, organisation_id=due.organisation_id))
    return render_template(
        "returns/start.html",
        due=due,
        questionnaire=editions.questionnaire(due.edition, due.setting),
        is_open=stage(due.opens, due.closes, today()) is not Stage.PLANNED,
    )


@blueprint.post("/cycles/<int:cycle_id>/organisations/<int:organisation_id>/start")
def post_start(cycle_id: int, organisation_id: int) -> Page:
    due = guard.found(DueRow)
    if stage(due.opens, due.closes, today()) is Stage.PLANNED:
        return redirect(url_for("returns.start", cycle_id=cycle_id, organisation_id=organisation_id))
    return_id = store.start(db.writing(), cycle_id, due.organisation_id, now())
    db.session().commit()
    return redirect(url_for("returns.task_list", return_id=return_id))


@blueprint.get("/returns/<int:return_id>")
def task_list(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    numbers = numbers_of(db.session(), row)
    questionnaire = editions.questionnaire(row.edition, row.setting)
    tasks = the_task_list(
        editions.edition(row.edition),
        questionnaire,
        row.facts,
        reading.choices_of(db.session(), return_id),
        keys_with_action(db.session(), row),
        exceptions_seen(db.session(), row, guard.signed_in_person()),
    )
    return render_template(
        "returns/task_list.html",
        row=row,
        tasks=tasks,
        numbers=numbers,
        questionnaire=questionnaire,
        assigned=assigned(db.session(), return_id) if row.is_draft and not _is_answered(tasks) else {},
        last_time=_last_time(row, asked(questionnaire.indicators, row.facts), tasks),
        may_edit=may_edit(row),
        may_sign=row.is_draft and guard.allows(Act.SIGN_RETURN),
        may_reopen=not row.is_draft and not (numbers and numbers.after) and guard.allows(Act.REOPEN_RETURN),
        may_share=guard.allows(Act.SIGN_RETURN) and (not numbers or numbers.counting.return_id == row.id),
        handing=handing_shown(row),
        is_late=row.is_draft and is_late(today(), row.last_day),
    )


def _is_answered(tasks: TaskList) -> bool:
    """Whether there is nothing left that a colleague, or the last return, could help with."""
    return tasks.answered == tasks.indicators


def _last_time(
    row: ReturnRow, indicators: tuple[Indicator, ...], tasks: TaskList
) -> tuple[EarlierReturn, int] | None:
    """The last return while it still helps, and how many questions are new or have changed since."""
    if not may_edit(row) or _is_answered(tasks):
        return None
    last = earlier.last_return(db.session(), row)
    if last is None:
        return None
    return last, new_or_changed(indicators, last.edition, editions.questionnaire(last.edition, last.setting))


@blueprint.get("/returns/<int:return_id>/standards/<int:number>")
def standard(return_id: int, number: int) -> Page:
    row, indicators = _standard_of(number)
    if indicators is None:
        return redirect(url_for("returns.profile", return_id=return_id))
    kept = reading.kept_answers(db.session(), return_id, [each.key for each in indicators])
    form = StandardForm(each.key for each in indicators)
    for each in indicators:
        answer, version = (
            (kept[each.key].answer, kept[each.key].version) if each.key in kept else (UNANSWERED, 0)
        )
        form.show(each.key, answer, version)
    return _standard_page(row, number, indicators, form)


@blueprint.post("/returns/<int:return_id>/standards/<int:number>")
def post_standard(return_id: int, number: int) -> Page:
    row, indicators = _standard_of(number)
    if indicators is None:
        return kept_page("profile", 409)
    form = StandardForm((each.key for each in indicators), request.form)
    scale = editions.edition(row.edition).scale
    parsed = {each.key: parse(each, scale, form[each.key].typed) for each in indicators}
    given_up, still = request.form.get("keep-theirs"), request.form.get("still-true", "")
    if given_up is not None:
        form.undecide()
    if still in parsed:
        parsed[still] = _still_true(row, still, parsed[still])
    typed = {
        key: store.TypedAnswer(result, form[key].version, form.origin)
        for key, result in parsed.items()
        if isinstance(result, Answer) and key != given_up
    }
    saved = store.save_answers(db.writing(), return_id, typed, guard.signed_in_person().id, now())
    with_action = keys_with_action(db.session(), row)
    db.session().commit()
    if given_up in parsed:
        return _theirs_kept(row, number, indicators, form, parsed, saved, given_up)
    goes_on = still not in parsed and request.form.get("then") != "later"
    problems = _problems(indicators, parsed, saved, complete=goes_on)
    if not problems and still in parsed:
        return redirect(
            url_for("returns.standard", return_id=row.id, number=number, _anchor=f"{still}-heading")
        )
    if not problems:
        onwards = _after_standard(row, number, parsed, with_action)
        page = url_for("returns.standard", return_id=row.id, number=number)
        say_on_next_page(f"Standard {number}", page, form.texts)
        return onwards
    _show_what_was_kept(form, saved)
    return _standard_page(row, number, indicators, form, problems, _their_answers(saved))


def _still_true(row: ReturnRow, key: str, typed: Answer | Problem) -> Answer | Problem:
    """The answer of the last return, said once more, where it still fits the question."""
    offered = _offers(row, (editions.questionnaire(row.edition, row.setting).by_key[key],)).get(key)
    if isinstance(typed, Problem) or offered is None or offered.earlier is None:
        return typed
    return still_true(typed, offered.earlier.answer, editions.edition(row.edition).scale)


def _offers(row: ReturnRow, open_ones: Collection[Indicator]) -> dict[str, Offer]:
    """What the last return offers for indicators that are not answered yet."""
    last = earlier.last_return(db.session(), row) if open_ones else None
    if last is None:
        return {}
    then = editions.questionnaire(last.edition, last.setting)
    answers = earlier.earlier_answers(db.session(), last, [each.key for each in open_ones])
    offers = {each.key: offer(each, last.edition, then, answers.get(each.key)) for each in open_ones}
    return {key: offered for key, offered in offers.items() if offered is not None}


def _theirs_kept(
    row: ReturnRow,
    number: int,
    indicators: tuple[Indicator, ...],
    form: StandardForm,
    parsed: Mapping[str, Answer | Problem],
    saved: store.Saved,
    given_up: str,
) -> Page:
    """The page anew with a colleague's answer in the place of the typed one, and whatever is still open."""
    others = tuple(each for each in indicators if each.key != given_up)
    problems = _problems(others, parsed, saved, complete=False)
    if not problems:
        return redirect(url_for("returns.standard", return_id=row.id, number=number))
    _show_what_was_kept(form, saved)
    for kept in reading.kept_answers(db.session(), row.id, [given_up]).values():
        form.show(given_up, kept.answer, kept.version)
    return _standard_page(row, number, indicators, form, problems, _their_answers(saved))


def _standard_of(number: int) -> tuple[ReturnRow, tuple[Indicator, ...] | None]:
    """The return and the standard's indicators that are asked of it; None before its profile is answered."""
    row = guard.found(ReturnRow)
    questionnaire = editions.questionnaire(row.edition, row.setting)
    if unanswered_facts(questionnaire, row.facts) and not row.imported:
        return row, None
    indicators = questionnaire.by_standard.get(number, ())
    if row.imported:
        return row, indicators or abort(404)
    return row, asked(indicators, row.facts) or abort(404)


def _problems(
    indicators: tuple[Indicator, ...],
    parsed: Mapping[str, Answer | Problem],
    saved: store.Saved,
    *,
    complete: bool,
) -> tuple[FieldProblem, ...]:
    """What keeps the page from being left: what cannot be kept, what clashes, what is missing."""
    problems = []
    for each in indicators:
        result = parsed[each.key]
        if isinstance(result, Problem):
            problems.append(FieldProblem(field(each.key, result.part), result.text))
        elif each.key in saved.conflicts:
            text = (
                f"Choose which answer stays for {each.asked}: somebody else changed it while you were typing"
            )
            problems.append(FieldProblem(f"{each.key}-conflict", text))
        elif complete and (lack := missing(each, result)):
            problems.append(FieldProblem(field(each.key, lack.part), lack.text))
    return tuple(problems)


def _after_standard(
    row: ReturnRow, number: int, parsed: Mapping[str, Answer | Problem], with_action: Collection[str]
) -> Response:
    """Where to go from a saved standard: to the actions if a weak grade wants one, else onwards."""
    if request.form.get("then") == "later":
        flash("Your answers are saved. You can come back to them at any time.", "success")
        return redirect(url_for("returns.task_list", return_id=row.id))
    weak = editions.edition(row.edition).scale.weak_keys
    weak_here = [key for key, answer in parsed.items() if isinstance(answer, Answer) and answer.grade in weak]
    flash(f"Standard {number} is saved.", "success")
    if any(key not in with_action for key in weak_here):
        return redirect(url_for("returns.actions", return_id=row.id))
    return redirect(url_for("returns.task_list", return_id=row.id))


def _show_what_was_kept(form: StandardForm, saved: store.Saved) -> None:
    """Give each field the version that is kept now, so that saving again knows what was seen."""
    for key, kept in saved.kept.items():
        form.show_version(key, kept.version, beside=key in saved.conflicts)


def _their_answers(saved: store.Saved) -> dict[str, tuple[Kept, str]]:
    """The newer answers that stand against the typed ones, each with its author's name."""
    theirs = {key: saved.kept[key] for key in saved.conflicts}
    return {key: (kept, author_of(kept)) for key, kept in theirs.items()}


def author_of(kept: Kept) -> str:
    """Who wrote an answer, by name where it is known."""
    names = people.names(db.session(), [kept.by] if kept.by else [])
    return names.get(kept.by or 0, "a colleague")


def _standard_page(
    row: ReturnRow,
    number: int,
    indicators: tuple[Indicator, ...],
    form: StandardForm,
    problems: tuple[FieldProblem, ...] = (),
    theirs: Mapping[str, tuple[Kept, str]] | None = None,
) -> str:
    edition = editions.edition(row.edition)
    warnings = warnings_beside(form.texts) if may_edit(row) else {}
    open_ones = [each for each in indicators if not form[each.key].typed.grade] if may_edit(row) else []
    offers = _offers(row, open_ones)
    indicators = in_order(indicators, offers)
    return render_template(
        "returns/standard.html",
        offers=offers,
        row=row,
        standard=edition.standards[number],
        scale=edition.scale,
        contents=contents(edition, row.setting, indicators),
        models={each.key: model_answer(edition, row.setting, each) for each in indicators},
        indicators=indicators,
        form=form,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
        theirs=theirs or {},
        may_edit=may_edit(row),
        evidence_hint=EVIDENCE_HINT,
        warnings=warnings,
        questions={} if not may_edit(row) else _questions(row, indicators, form, problems, warnings),
    )


def _questions(
    row: ReturnRow,
    indicators: tuple[Indicator, ...],
    form: StandardForm,
    problems: tuple[FieldProblem, ...],
    warnings: Mapping[str, str],
) -> dict[str, Markup]:
    """Each indicator's grades and reason; drawn anew only with a reason, or an error, of somebody's own."""
    edition = editions.edition(row.edition)
    choices, errors = choices_of_grades(edition), {problem.field: problem.text for problem in problems}
    drawn = {}
    for each in indicators:
        typed = form[each.key].typed
        own = {
            "reason": typed.reason,
            "grade_error": errors.get(field(each.key, "grade")),
            "reason_error": errors.get(field(each.key, "reason")),
            "reason_warning": warnings.get(field(each.key, "reason")),
        }
        is_choice = any(typed.grade in ("", choice.value) for choice in choices)
        if any(own.values()) or not is_choice:
            drawn[each.key] = question_anew(each, choices, choice=typed.grade, **own)
        else:
            drawn[each.key] = question(edition, row.setting, each, choices, typed.grade)
    return drawn


def choices_of_grades(edition: Edition) -> tuple[Choice, ...]:
    scale = edition.scale
    grades = tuple(Choice(grade.key, grade.label, grade.weak) for grade in scale.grades)
    return (*grades, Choice(NOT_APPLICABLE, scale.not_applicable.label, weak=False))


def may_edit(row: ReturnRow) -> bool:
    return row.is_draft and guard.allows(Act.EDIT_RETURN)


def _signed_meanwhile(_error: store.SignedMeanwhile) -> tuple[str, int]:
    db.session().rollback()
    return kept_page("signed", 409)
