"""A paper return on an officer's desk: typed in standard by standard, then entered as an import."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.cycles import editions
from compact.cycles.messages import about_part
from compact.cycles.store import names_of_partnerships
from compact.desk.finding import PartInRound
from compact.desk.places import PlaceRow, places_of_round
from compact.desk.store import lock_round
from compact.desk.writing import readers_of
from compact.mail import store as mail
from compact.organisations.settings_store import foot_of
from compact.questionnaire.values import Edition, Indicator, Questionnaire
from compact.returns.forms import StandardForm, field
from compact.returns.rules import Answer, Problem, parse
from compact.returns.views import choices_of_grades
from compact.web.clock import now, today
from compact.web.identifiers import warnings_beside
from compact.web.problems import FieldProblem
from config import Settings

from . import entering, messages
from .paper import OnPaper, all_lacks, given, lacks, why_not

blueprint = Blueprint(
    "paper", __name__, url_prefix="/cycles/<int:cycle_id>/organisations/<int:organisation_id>"
)
Page = str | Response


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/paper")
def overview(cycle_id: int, organisation_id: int) -> Page:
    return _overview(())


@blueprint.post("/paper")
def enter(cycle_id: int, organisation_id: int) -> Page:
    """Enter what was typed, all or nothing; a second press of the button finds it entered."""
    found, session = guard.found(PartInRound), db.writing()
    edition, questionnaire = _asked(found)
    entering.lock(session, cycle_id, organisation_id)
    if _against(session, _as_it_is_now(session, found)):
        session.rollback()
        return redirect(url_for("paper.overview", cycle_id=cycle_id, organisation_id=organisation_id))
    typed = entering.typed_so_far(session, cycle_id, organisation_id)
    problems = _problems(questionnaire, typed)
    if problems:
        session.rollback()
        return _overview(problems)
    answers, at = given(questionnaire.indicators, typed), now()
    made = entering.enter(
        session,
        found.cycle,
        edition,
        organisation_id,
        questionnaire.setting,
        answers,
        by=guard.signed_in_person().id,
        at=at,
    )
    mail.drop_about(session, about_part(cycle_id, organisation_id), at)
    told = _tell(session, found, made)
    session.commit()
    who = (
        "Who signs for it is told by mail." if told else "Nobody signs for it yet, so nobody is told by mail."
    )
    flash(f"The paper return of {found.place.organisation} is entered and counts. {who}", "success")
    return _back(cycle_id, organisation_id)


@blueprint.post("/paper/throw-away")
def throw_away(cycle_id: int, organisation_id: int) -> Page:
    session = db.writing()
    lock_round(session, cycle_id, [organisation_id])
    entering.throw_away(session, cycle_id, organisation_id)
    session.commit()
    flash("What was typed of the paper return is gone.", "success")
    return _back(cycle_id, organisation_id)


@blueprint.get("/paper/<int:number>")
def standard(cycle_id: int, organisation_id: int, number: int) -> Page:
    indicators = _standard_of(number)
    typed = entering.typed_so_far(db.session(), cycle_id, organisation_id)
    form = StandardForm(each.key for each in indicators)
    for key in (each.key for each in indicators if each.key in typed):
        form.show(key, typed[key].answer, typed[key].version)
    return _standard_page(number, indicators, form)


@blueprint.post("/paper/<int:number>")
def post_standard(cycle_id: int, organisation_id: int, number: int) -> Page:
    """Keep what can be kept, whatever else is wrong on the page."""
    found, indicators = guard.found(PartInRound), _standard_of(number)
    form = StandardForm((each.key for each in indicators), request.form)
    scale = editions.edition(found.cycle.edition).scale
    parsed = {each.key: parse(each, scale, form[each.key].typed) for each in indicators}
    typed = {key: (answer, form[key].version) for key, answer in parsed.items() if isinstance(answer, Answer)}
    session = db.writing()
    lock_round(session, cycle_id, [organisation_id])
    by = guard.signed_in_person().id
    clashing = entering.keep(session, cycle_id, organisation_id, typed, by=by, at=now())
    session.commit()
    kept = entering.typed_so_far(session, cycle_id, organisation_id)
    problems = [problem for each in indicators if (problem := _wrong(each, parsed[each.key], kept, clashing))]
    if problems:
        _show_what_is_kept(form, parsed, kept, clashing)
        return _standard_page(number, indicators, form, problems)
    after = next((each for each in _numbers(found) if each > number), None)
    if request.form.get("then") == "later" or after is None:
        return redirect(url_for("paper.overview", cycle_id=cycle_id, organisation_id=organisation_id))
    return redirect(
        url_for("paper.standard", cycle_id=cycle_id, organisation_id=organisation_id, number=after)
    )


def _show_what_is_kept(
    form: StandardForm,
    parsed: Mapping[str, Answer | Problem],
    kept: Mapping[str, OnPaper],
    clashing: frozenset[str],
) -> None:
    """Show what is kept now; but what was typed where it clashes, or where it cannot be kept."""
    for key in kept.keys() & parsed.keys():
        if key in clashing:
            form.show_version(key, kept[key].version)
        elif isinstance(parsed[key], Answer):
            form.show(key, kept[key].answer, kept[key].version)


def _wrong(
    indicator: Indicator, typed: Answer | Problem, kept: Mapping[str, OnPaper], clashing: frozenset[str]
) -> FieldProblem | None:
    """What the officer has to look at again on a standard's page."""
    if isinstance(typed, Answer) and indicator.key in clashing:
        theirs = kept[indicator.key]
        text = (
            f"{theirs.by} typed something else for {indicator.asked} meanwhile. "
            "Save again to replace it with yours"
        )
        return FieldProblem(field(indicator.key, "grade"), text)
    problem = typed if isinstance(typed, Problem) else lacks(indicator, typed)
    return FieldProblem(field(indicator.key, problem.part), problem.text) if problem else None


def _asked(found: PartInRound) -> tuple[Edition, Questionnaire]:
    edition = editions.edition(found.cycle.edition)
    return edition, edition.questionnaires[found.place.setting]


def _numbers(found: PartInRound) -> list[int]:
    """The standards that are asked, by their numbers."""
    return [number for number, own in _asked(found)[1].by_standard.items() if own]


def _standard_of(number: int) -> tuple[Indicator, ...]:
    """All that the standard asks: a paper form has no profile that would leave anything out."""
    return _asked(guard.found(PartInRound))[1].by_standard.get(number, ()) or abort(404)


def _as_it_is_now(session: Session, found: PartInRound) -> PlaceRow:
    """The organisation's place in the round behind the lock: what the finder saw may be older."""
    organisation = found.place.organisation_id
    places = places_of_round(session, found.cycle, found.partnerships, today(), organisations=[organisation])
    return places[0] if places else abort(404)


def _against(session: Session, place: PlaceRow) -> str | None:
    """What keeps the organisation's paper return from being entered."""
    untouched = entering.untouched_draft(session, guard.found(PartInRound).cycle.id, place.organisation_id)
    return why_not(
        place.stage,
        has_return=place.return_id is not None,
        is_untouched=untouched is not None,
        organisation=place.organisation,
    )


def _problems(questionnaire: Questionnaire, typed: Mapping[str, OnPaper]) -> tuple[FieldProblem, ...]:
    """Everything that keeps the return from being entered now."""
    problems = []
    if lacking := all_lacks(questionnaire.indicators, typed):
        many = "1 answer still needs" if len(lacking) == 1 else f"{len(lacking)} answers still need"
        problems.append(FieldProblem("lacking", f"{many} something: put right what is listed"))
    if not given(questionnaire.indicators, typed):
        problems.append(FieldProblem("standards", "Type at least one answer before you enter the return"))
    if request.form.get("confirm") != "yes":
        problems.append(FieldProblem("confirm", "Confirm that the paper was signed"))
    return tuple(problems)


def _tell(session: Session, found: PartInRound, made: int) -> int:
    """Mail those who sign for the organisation, in the transaction that enters; how many that were."""
    settings: Settings = current_app.extensions["compact.settings"]
    place, partnership = found.place, found.partnerships[0]
    address = f"{settings.base_url.rstrip('/')}/returns/{made}"
    name, foot = names_of_partnerships(session, [partnership])[partnership], foot_of(session, partnership)
    readers = readers_of(session, [place.organisation_id]).get(place.organisation_id, [])
    for reader in readers:
        written = messages.entered(reader.name, name, place.organisation, found.cycle.name, address)
        mail.queue(
            session,
            recipient=reader.email,
            subject=written.subject,
            text=written.text + foot,
            at=now(),
            about=f"paper return {made}",
        )
    return len(readers)


def _back(cycle_id: int, organisation_id: int) -> Response:
    return redirect(url_for("chase.part", cycle_id=cycle_id, organisation_id=organisation_id))


def _overview(problems: tuple[FieldProblem, ...]) -> str:
    found, session = guard.found(PartInRound), db.session()
    edition, questionnaire = _asked(found)
    organisation = found.place.organisation_id
    typed = entering.typed_so_far(session, found.cycle.id, organisation)
    answers = given(questionnaire.indicators, typed)
    return render_template(
        "exchange/paper.html",
        cycle=found.cycle,
        place=found.place,
        against=_against(session, found.place),
        standards=[
            (number, edition.standards[number].title, sum(each.key in answers for each in own), len(own))
            for number, own in questionnaire.by_standard.items()
            if own
        ],
        has_typed=bool(typed),
        blank=len(questionnaire.indicators) - len(answers),
        lacking=[(each.standard, lack) for each, lack in all_lacks(questionnaire.indicators, typed)],
        readers=readers_of(session, [organisation]).get(organisation, []),
        problems=problems,
    )


def _standard_page(
    number: int,
    indicators: Sequence[Indicator],
    form: StandardForm,
    problems: Sequence[FieldProblem] = (),
) -> str:
    found = guard.found(PartInRound)
    edition = editions.edition(found.cycle.edition)
    return render_template(
        "exchange/paper_standard.html",
        cycle=found.cycle,
        place=found.place,
        standard=edition.standards[number],
        is_last=number == _numbers(found)[-1],
        choices=choices_of_grades(edition),
        indicators=indicators,
        form=form,
        warnings=warnings_beside(form.texts),
        problems=problems,
    )
