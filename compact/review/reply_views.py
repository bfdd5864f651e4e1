"""The reply: drafted from phrases, saved, and sent when it is ready; and “you said, we did” of a round.

Deciding and telling are two steps, on purpose: nothing reaches the organisation before somebody sends it.
"""

from dataclasses import replace

from flask import current_app, flash, redirect, render_template, url_for

from compact import db
from compact.access import guard
from compact.access.values import Role
from compact.accounts import store as people
from compact.accounts.rules import PlaceKind
from compact.analysis.views import CycleSeen
from compact.cycles import store as cycle_store
from compact.mail import store as mail
from compact.organisations.settings_store import foot_of
from compact.returns.forms import number_in
from compact.web.clock import now
from compact.web.problems import FieldProblem
from config import Settings

from . import messages, store
from .forms import LineForm, ReplyForm, SendForm
from .phrases import GROUPS, with_phrases
from .replying import LINE_LIMIT, MESSAGE_LIMIT, OUTCOMES, Reply, parse_line, parse_reply
from .views import Page, Reviewed, blueprint

MEANWHILE = "Another officer has changed the reply while you were typing. Compare, then save yours again"
NOT_SENT = "The reply changed after you opened the page, so it is not sent. Read it again, then send it."
NOBODY = Reply(None, "")


@blueprint.get("/review/<int:return_id>/reply")
def reply(return_id: int) -> Page:
    held = _held()
    return _reply_page(Reply(held.outcome, held.message) if held else NOBODY)


@blueprint.post("/review/<int:return_id>/reply")
def post_reply(return_id: int) -> Page:
    """Add phrases to the message, which saves nothing yet; or save it, with an outcome or without."""
    seen, form = guard.found(Reviewed), ReplyForm()
    shown = number_in(form.version.data) or 0
    typed = Reply(form.outcome.data or None, form.message.data or "")
    if form.do.data == "add":
        picked = form.phrase.data or []
        return _reply_page(replace(typed, message=with_phrases(typed.message, picked)), shown=shown)
    parsed = parse_reply(typed.outcome or "", typed.message, to_send=False)
    if isinstance(parsed, tuple):
        return _reply_page(typed, parsed, shown=shown)
    session, by = db.writing(), guard.signed_in_person().id
    place = (session, return_id, seen.partnership)
    try:
        store.save_reply(*place, parsed, shown_version=shown, by=by, at=now())
    except store.ReviewedMeanwhile:
        session.rollback()
        held = _held()
        if held and (held.outcome, held.message) == (parsed.outcome, parsed.message):
            return redirect(seen.address("review.reply"))  # the second of two clicks
        return _reply_page(typed, (FieldProblem("message", MEANWHILE),), theirs=True)
    session.commit()
    flash("The reply is saved. Nothing is sent yet.", "success")
    return redirect(seen.address("review.reply"))


@blueprint.post("/review/<int:return_id>/send")
def send(return_id: int) -> Page:
    seen, shown = guard.found(Reviewed), number_in(SendForm().version.data) or 0
    held = _held()
    if held is None or isinstance(parse_reply(held.outcome or "", held.message, to_send=True), tuple):
        flash("Choose what you make of the return, and write the reply, before you send it.", "important")
        return redirect(seen.address("review.reply"))
    session, by = db.writing(), guard.signed_in_person().id
    place = (session, return_id, seen.partnership)
    try:
        store.send_reply(*place, shown_version=shown, by=by, at=now())
    except store.ReviewedMeanwhile:
        session.rollback()
        told = _held()
        if told is None or told.sent_at is None:
            flash(NOT_SENT, "important")
        return redirect(seen.address("review.reply"))
    told_to = _tell(seen)
    session.commit()
    who = f"{told_to} {'person has' if told_to == 1 else 'people have'}" if told_to else "Nobody there has"
    flash(f"The reply is sent. {who} a mail that says where to read it.", "success")
    return redirect(seen.address())


def _tell(seen: Reviewed) -> int:
    """Mail those who sign and complete for the organisation, in the transaction that sends; how many."""
    session, row = db.session(), seen.row
    settings: Settings = current_app.extensions["compact.settings"]
    name = str(cycle_store.contact_of(session, seen.partnership)[0])
    places = (PlaceKind.ORGANISATION, [row.organisation_id])
    readers = {
        email: reader
        for role in (Role.SIGNATORY, Role.CONTRIBUTOR)
        for email, reader in people.addresses_of(session, role, *places)
    }
    address, foot = f"{settings.base_url}/returns/{row.id}/feedback", foot_of(session, seen.partnership)
    for email, reader in readers.items():
        written = messages.replied(reader, name, row.organisation, row.cycle_and_number, address)
        mail.queue(
            session,
            recipient=email,
            subject=written.subject,
            text=written.text + foot,
            at=now(),
            about=f"reply {row.id} {seen.partnership}",
        )
    return len(readers)


def _held() -> store.ReviewRow | None:
    seen = guard.found(Reviewed)
    return store.review_of(db.session(), seen.row.id, seen.partnership)


def _reply_page(
    typed: Reply,
    problems: tuple[FieldProblem, ...] = (),
    *,
    shown: int | None = None,
    theirs: bool = False,
) -> str:
    """The form; once it is sent, the reply as the organisation reads it."""
    seen, held = guard.found(Reviewed), _held()
    if held is not None and held.sent_at is not None:
        problems = ()  # there is no form any more; what was typed is shown to be copied
    comments = store.comments_of(db.session(), seen.row.id, seen.partnership).values()
    is_saved = held is not None and (held.outcome, held.message) == (typed.outcome, typed.message)
    return render_template(
        "review/reply.html",
        seen=seen,
        held=held,
        typed=typed,
        theirs=theirs,
        version=(held.version if held else 0) if shown is None else shown,
        may_send=is_saved and held is not None and bool(held.outcome and held.message),
        outcomes=OUTCOMES,
        groups=GROUPS,
        accepted=sum(each.accepted for each in comments),
        sent_back=sum(not each.accepted for each in comments),
        limit=MESSAGE_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )


@blueprint.get("/cycles/<int:cycle_id>/said-and-done")
def lines(cycle_id: int) -> Page:
    return _lines_page("", "")


@blueprint.post("/cycles/<int:cycle_id>/said-and-done")
def post_lines(cycle_id: int) -> Page:
    seen, form = guard.found(CycleSeen), LineForm()
    typed = (form.said.data or "", form.did.data or "")
    parsed = parse_line(*typed)
    if isinstance(parsed, tuple):
        return _lines_page(*typed, parsed)
    session, by = db.writing(), guard.signed_in_person().id
    store.add_line(session, cycle_id, seen.seen_from, parsed, by=by, at=now())
    session.commit()
    flash("The line is added. Everybody who answered in the round can read it.", "success")
    return redirect(url_for("review.lines", cycle_id=cycle_id, partnership=seen.seen_from))


@blueprint.post("/cycles/<int:cycle_id>/said-and-done/<int:line_id>/remove")
def remove_line(cycle_id: int, line_id: int) -> Page:
    seen, session = guard.found(CycleSeen), db.writing()
    store.remove_line(session, cycle_id, seen.seen_from, line_id)
    session.commit()
    flash("The line is taken away.", "success")
    return redirect(url_for("review.lines", cycle_id=cycle_id, partnership=seen.seen_from))


def _lines_page(said: str, did: str, problems: tuple[FieldProblem, ...] = ()) -> str:
    seen = guard.found(CycleSeen)
    return render_template(
        "review/lines.html",
        seen=seen,
        lines=store.lines_of(db.session(), seen.cycle.id, [seen.seen_from]).get(seen.seen_from, []),
        said=said,
        did=did,
        limit=LINE_LIMIT,
        problems=problems,
        errors={problem.field: problem.text for problem in problems},
    )
