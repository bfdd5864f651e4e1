"""Six-month updates: who is to be asked, what came in, and how far all the plans are."""

from collections import Counter

from flask import current_app, flash, redirect, render_template, request, url_for

from compact import db
from compact.access import guard
from compact.access.values import Role
from compact.accounts import store as people
from compact.accounts.rules import PlaceKind
from compact.actions.rules import STATUSES
from compact.analysis.views import CycleSeen
from compact.cycles import editions
from compact.cycles import store as cycle_store
from compact.mail import store as mail
from compact.organisations.settings_store import foot_of
from compact.web.clock import now, today
from config import Settings

from . import messages, updates
from .going_on import STAGE_WORDS, Stage
from .queue import PAGE, pages
from .updates import PlanGoing
from .views import Page, blueprint, page_asked


@blueprint.get("/cycles/<int:cycle_id>/updates")
def show_updates(cycle_id: int) -> Page:
    seen, session = guard.found(CycleSeen), db.session()
    cycle, partnership = seen.cycle, seen.seen_from
    edition = editions.edition(cycle.edition)
    plans, progress = updates.plans_of_round(session, cycle.id, partnership, edition, today())
    counts, stage = Counter(plan.stage for plan in plans), _stage_asked()
    wanted = [each for each in plans if stage in (None, each.stage)]
    numbers = pages(len(wanted))
    page = page_asked(numbers[-1])
    first = (page - 1) * PAGE
    return render_template(
        "review/updates.html",
        seen=seen,
        cycle=cycle,
        stage=stage,
        stages=STAGE_WORDS,
        counts=counts,
        due=counts[Stage.DUE],
        total=len(plans),
        listed=wanted[first : first + PAGE],
        first=first + 1,
        wanted=len(wanted),
        pages=numbers,
        page=page,
        progress=progress,
        statuses=STATUSES,
        standards=edition.standards,
    )


@blueprint.post("/cycles/<int:cycle_id>/updates")
def ask_for_updates(cycle_id: int) -> Page:
    seen, session = guard.found(CycleSeen), db.writing()
    partnership, by = seen.seen_from, guard.signed_in_person().id
    asked = updates.ask(session, cycle_id, partnership, by=by, at=now(), today=today())
    name = str(cycle_store.contact_of(session, partnership)[0])
    foot = foot_of(session, partnership)
    for each in asked:
        _tell(each, name, foot)
    session.commit()
    if asked:
        many = f"{len(asked)} {'organisation is' if len(asked) == 1 else 'organisations are'}"
        flash(f"{many} asked by mail how the plan is going.", "success")
    return redirect(url_for("review.show_updates", cycle_id=cycle_id, partnership=partnership))


def _tell(plan: PlanGoing, partnership: str, foot: str) -> None:
    """Mail those who sign and complete for the organisation, in the transaction that asks."""
    session = db.session()
    settings: Settings = current_app.extensions["compact.settings"]
    readers = {
        email: reader
        for role in (Role.SIGNATORY, Role.CONTRIBUTOR)
        for email, reader in people.addresses_of(
            session, role, PlaceKind.ORGANISATION, [plan.organisation_id]
        )
    }
    address = f"{settings.base_url}/organisations/{plan.organisation_id}/actions"
    for email, reader in readers.items():
        written = messages.update_wanted(reader, partnership, plan.organisation, address)
        mail.queue(
            session,
            recipient=email,
            subject=written.subject,
            text=written.text + foot,
            at=now(),
            about=f"update {plan.return_id}",
        )


def _stage_asked() -> Stage | None:
    stage = request.args.get("stage")
    return Stage(stage) if stage in {each.value for each in Stage} else None
