"""A few facts about the setting, which decide what is asked."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for

from compact import db
from compact.access import guard
from compact.cycles import editions
from compact.questionnaire.values import Indicator, Questionnaire
from compact.web.problems import FieldProblem

from . import earlier, store
from .forms import profile_form_of
from .reading import ReturnRow
from .rules import left_out
from .views import Page, blueprint, may_edit


@blueprint.get("/returns/<int:return_id>/profile")
def profile(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    given = {fact: "yes" if answer else "no" for fact, answer in row.facts.items()}
    return _profile_page(row, given, ())


@blueprint.post("/returns/<int:return_id>/profile")
def post_profile(return_id: int) -> Page:
    row = guard.found(ReturnRow)
    questionnaire = editions.questionnaire(row.edition, row.setting)
    form = profile_form_of(tuple(questionnaire.facts))()
    given = {fact: form[fact].data for fact in questionnaire.facts if form[fact].data in ("yes", "no")}
    if request.form.get("as-last-time"):
        given = {**_last_time(row, questionnaire), **given}
    store.save_profile(db.writing(), return_id, {fact: said == "yes" for fact, said in given.items()})
    db.session().commit()
    problems = tuple(
        FieldProblem(fact.key, f"Choose yes or no: {fact.question}")
        for fact in questionnaire.profile
        if fact.key not in given
    )
    if problems:
        return _profile_page(row, given, problems)
    for fact, out in left_out(questionnaire, {fact: said == "yes" for fact, said in given.items()}):
        flash(f"{_count(out)} not asked because {fact.otherwise}.", "success")
    return redirect(url_for("returns.task_list", return_id=return_id))


def _last_time(row: ReturnRow, questionnaire: Questionnaire) -> dict[str, str]:
    """What the last return said of the facts that are asked now: yes or no."""
    last = earlier.last_return(db.session(), row)
    if last is None:
        return {}
    facts = earlier.earlier_facts(db.session(), last)
    return {fact: "yes" if facts[fact] else "no" for fact in questionnaire.facts if fact in facts}


def _profile_page(row: ReturnRow, given: Mapping[str, str], problems: tuple[FieldProblem, ...]) -> str:
    questionnaire = editions.questionnaire(row.edition, row.setting)
    wants_help = may_edit(row) and len(given) < len(questionnaire.profile)
    return render_template(
        "returns/profile.html",
        row=row,
        questionnaire=questionnaire,
        given=given,
        last_time=_last_time(row, questionnaire) if wants_help else {},
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
        may_edit=may_edit(row),
    )


def _count(indicators: tuple[Indicator, ...]) -> str:
    return "1 question is" if len(indicators) == 1 else f"{len(indicators)} questions are"
