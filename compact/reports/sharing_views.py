"""Share what works: a signatory offers texts of a signed return for the summary, or takes them back."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compact import db
from compact.access import guard
from compact.access.values import Role
from compact.accounts import store as people
from compact.accounts.rules import PlaceKind
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.mail import store as mail
from compact.organisations.settings_store import foot_of
from compact.practice import messages, store
from compact.practice.rules import PRACTICE_LIMIT, Offerable, Typed, offerable, parse_shared
from compact.practice.store import Agreed, Chosen, NotCounting
from compact.questionnaire.values import Edition, Questionnaire
from compact.returns import reading
from compact.returns.reading import ReturnRow
from compact.returns.recognisable import say_on_next_page
from compact.web.clock import now
from compact.web.problems import FieldProblem, by_field
from compact.web.texts import clean
from config import Settings

from . import store as summaries
from .views import blueprint

Page = str | Response


@dataclass(frozen=True)
class Sharing:
    """The page of a signed return: what may be shared of it, and what is."""

    row: ReturnRow
    edition: Edition
    questionnaire: Questionnaire
    offered: list[Offerable]
    agreed: Mapping[str, Agreed]


@blueprint.get("/returns/<int:return_id>/practice")
def practice(return_id: int) -> Page:
    if elsewhere := _elsewhere():
        return elsewhere
    sharing = _sharing()
    typed = {
        each.indicator.key: Typed(
            is_ticked=(key := each.indicator.key) in sharing.agreed,
            text=sharing.agreed[key].text if key in sharing.agreed else each.beginning,
            was_shared=key in sharing.agreed,
        )
        for each in sharing.offered
    }
    return _page(sharing, typed)


@blueprint.post("/returns/<int:return_id>/practice")
def post_practice(return_id: int) -> Page:
    if elsewhere := _elsewhere():
        return elsewhere
    sharing, typed = _sharing(), _typed()
    if problems := parse_shared(sharing.offered, typed):
        return _page(sharing, typed, problems)
    session, person = db.writing(), guard.signed_in_person()
    try:
        store.lock_counting(session, sharing.row)
    except NotCounting:
        session.rollback()
        return _to_the_one_that_counts(sharing.row)
    chosen = store.chosen_of(session, return_id)
    texts = {key: clean(each.text) for key, each in typed.items() if each.is_ticked}
    shared = [
        key
        for key, text in texts.items()
        if store.agree(session, return_id, key, text, by=person.id, at=now())
    ]
    unticked = [key for key, each in typed.items() if each.was_shared and not each.is_ticked]
    taken = store.take_back(session, return_id, unticked, by=person.id, at=now())
    _tell_officers(sharing, [each for each in chosen if each.key in taken])
    session.commit()
    _say(len(shared), len(taken))
    here = url_for("reports.practice", return_id=return_id)
    say_on_next_page("What you share", here, {f"{key}-text": texts[key] for key in shared})
    return redirect(here)


def _sharing() -> Sharing:
    row, session = guard.found(ReturnRow), db.session()
    edition = editions.edition(row.edition)
    questionnaire = edition.questionnaires[row.setting]
    answers = {key: each.answer for key, each in reading.kept_answers(session, row.id).items()}
    offered = offerable(questionnaire.indicators, answers, edition.scale)
    return Sharing(row, edition, questionnaire, offered, store.agreed_of(session, row.id))


def _elsewhere() -> Response | None:
    """Where to go from a draft, which says that it is one, or from a number that does not count any more."""
    row = guard.found(ReturnRow)
    if row.is_draft:
        return redirect(url_for("returns.task_list", return_id=row.id))
    return None if store.counting_number(db.session(), row) == row.id else _to_the_one_that_counts(row)


def _to_the_one_that_counts(row: ReturnRow) -> Response:
    flash("Another number of this return counts now. Look again at what you share.", "important")
    counting = store.counting_number(db.session(), row)
    return redirect(url_for("reports.practice", return_id=counting))


def _typed() -> dict[str, Typed]:
    """What came from the page, for everything that may be shared."""
    form = request.form
    return {
        key: Typed(
            is_ticked=f"{key}-share" in form,
            text=form.get(f"{key}-text", ""),
            was_shared=f"{key}-was" in form,
        )
        for key in (each.indicator.key for each in _sharing().offered)
    }


def _tell_officers(sharing: Sharing, chosen: list[Chosen]) -> None:
    """Mail the officers of each partnership that had chosen something which is taken back."""
    row, session = sharing.row, db.session()
    settings: Settings = current_app.extensions["compact.settings"]
    sector = sharing.questionnaire.sector
    for partnership in sorted({each.partnership for each in chosen}):
        page = f"/learning/{row.cycle_id}/{row.setting}/practice?partnership={partnership}"
        for email, name in people.addresses_of(session, Role.OFFICER, PlaceKind.PARTNERSHIP, [partnership]):
            written = messages.taken_back(name, row.organisation, sector, row.cycle, settings.base_url + page)
            text = written.text + foot_of(session, partnership)
            about = f"practice {row.id}"
            mail.queue(session, recipient=email, subject=written.subject, text=text, at=now(), about=about)


def _say(shared: int, taken: int) -> None:
    said = []
    if shared:
        said.append("1 text is shared." if shared == 1 else f"{shared} texts are shared.")
    if taken:
        said.append("1 text is taken back." if taken == 1 else f"{taken} texts are taken back.")
    flash(" ".join(said) or "Nothing was changed.", "success")


def _page(sharing: Sharing, typed: Mapping[str, Typed], problems: list[FieldProblem] | None = None) -> str:
    row, session = sharing.row, db.session()
    partnerships = reading.partnerships_of(session, row.id)
    return render_template(
        "reports/practice.html",
        row=row,
        edition=sharing.edition,
        sector=sharing.questionnaire.sector,
        offered=sharing.offered,
        agreed=sharing.agreed,
        typed=typed,
        printed=summaries.printed_in(session, row.cycle_id, row.setting, store.chosen_of(session, row.id)),
        partnerships=list(cycle_store.names_of_partnerships(session, partnerships).values()),
        limit=PRACTICE_LIMIT,
        problems=tuple(problems or ()),
        errors=by_field(problems or ()),
    )
