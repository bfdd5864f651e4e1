"""The people of a place: who they are, inviting them, changing and removing their roles, handing over."""

from flask import Blueprint, Flask, abort, current_app, flash, redirect, render_template, request, url_for

from compact import db
from compact.access import guard
from compact.access.values import Role
from compact.mail import store as mail
from compact.mail.rules import shown
from compact.organisations.rules import is_email
from compact.organisations.store import partnerships
from compact.trail import store as trail
from compact.web.clock import now
from compact.web.problems import FieldProblem
from config import Settings

from . import invitations, places, store
from .forms import InviteForm, MemberForm
from .invitations import NewInvitation
from .places import Place
from .rules import ROLE_NAMES, ROLES, InvitationRow, PlaceKind, grant_in
from .store import MemberRow
from .views import Page, too_long, typed, typed_line

blueprint = Blueprint("people", __name__)

PLACES = (
    ("/organisations/<int:place_id>/people", {"kind": PlaceKind.ORGANISATION.value}),
    ("/partnerships/<int:place_id>/people", {"kind": PlaceKind.PARTNERSHIP.value}),
    ("/trusts/<int:place_id>/people", {"kind": PlaceKind.TRUST.value}),
    ("/administrators", {"kind": PlaceKind.INSTALLATION.value, "place_id": places.INSTALLATION_ID}),
)
# More than one area's organisations; who looks after many areas searches.
MOST_LISTED = 250
WHAT_ROLES_MAY = {
    Role.CONTRIBUTOR: "Reads and fills in the self-assessment and its actions",
    Role.SIGNATORY: "The same, signs it, and looks after the people here",
    Role.READER: "Reads, and changes nothing",
    Role.OFFICER: "Opens rounds, reads returns, reviews and publishes",
    Role.TRUST_LEAD: "Reads the returns and the progress of the trust’s schools",
    Role.ADMINISTRATOR: "Looks after people and settings; reads no return",
}


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    guard.add_finder(app, "place", places.find_place)


@blueprint.get("/people")
def index() -> Page:
    """The places whose people this person looks after."""
    asking, looking_for = guard.signed_in_person(), typed(request.args.get("q"))[:100]
    signs_for = [grant.organisation_id for grant in asking.grants if grant.role is Role.SIGNATORY]
    officer_of = frozenset(
        g.partnership_id for g in asking.grants if g.role is Role.OFFICER and g.partnership_id
    )
    if not asking.is_administrator and not officer_of:
        if not signs_for:
            abort(404)
        return redirect(url_for("people.place", kind="organisation", place_id=signs_for[0]))
    everywhere = partnerships(db.session())
    mine = [row for row in everywhere if asking.is_administrator or row.id in officer_of]
    reach = frozenset(row.id for row in mine)
    found = places.organisations_of(db.session(), reach, looking_for, now(), most=MOST_LISTED + 1)
    return render_template(
        "accounts/places.html",
        partnerships=mine,
        trusts=places.trusts(db.session()) if asking.is_administrator else (),
        organisations=found[:MOST_LISTED],
        there_are_more=len(found) > MOST_LISTED,
        looking_for=looking_for,
    )


def place(kind: str, place_id: int) -> Page:
    """With `?corrects=`, the form is filled with an invitation whose address was wrong."""
    here = guard.found(Place)
    wrong = _corrected(here, request.args.get("corrects", ""))
    filled = {
        name: getattr(wrong, name) for name in ("email", "name", "job_title", "role", "replaces") if wrong
    }
    return _place_page(here, InviteForm(formdata=None, data=filled), ())


def invite(kind: str, place_id: int) -> Page:
    here, form, asking = guard.found(Place), InviteForm(), guard.signed_in_person()
    members = store.members_of(db.session(), here.kind, here.id)
    problems = _invite_problems(here, form, members)
    if problems:
        return _place_page(here, form, problems)
    settings: Settings = current_app.extensions["compact.settings"]
    new = NewInvitation(
        email=store.address_of(typed(form.email.data)),
        name=typed_line(form.name.data),
        grant=grant_in(
            here.kind, here.id, Role(form.role.data or ""), typed_line(form.job_title.data) or None
        ),
        replaces=old.id if (old := _handing_over(form, members)) else None,
    )
    session = db.writing()
    if wrong := _corrected(here, request.form.get("corrects", "")):
        invitations.recall(session, wrong, by=asking.id, now=now())
    invitations.invite(session, new, by=asking.id, base_url=settings.base_url, now=now())
    db.session().commit()
    flash(f"An invitation to {new.email} is on its way.", "success")
    return redirect(_address(here))


def recall(kind: str, place_id: int, invitation_id: int) -> Page:
    here = guard.found(Place)
    row = _invitation_here(here, invitation_id)
    recalled = invitations.recall(db.writing(), row, by=guard.signed_in_person().id, now=now())
    db.session().commit()
    if recalled:
        flash(f"The invitation to {row.email} is recalled. Its link leads nowhere now.", "success")
    else:
        flash(f"The invitation to {row.email} was accepted or recalled already.", "important")
    return redirect(_address(here))


def member(kind: str, place_id: int, membership_id: int) -> Page:
    here = guard.found(Place)
    return _member_page(here, _member_here(here, membership_id), MemberForm(formdata=None), ())


def change_member(kind: str, place_id: int, membership_id: int) -> Page:
    """Another role or job title for somebody who is here already."""
    here, form, by = guard.found(Place), MemberForm(), guard.signed_in_person().id
    _member_here(here, membership_id)
    store.lock_members(db.writing(), here.kind, here.id)
    row = _member_here(here, membership_id)
    problems = _member_problems(here, row, form)
    if problems:
        db.session().rollback()
        return _member_page(here, row, form, problems)
    role, job_title = Role(form.role.data or ""), typed_line(form.job_title.data) or None
    store.change_role(db.session(), row.id, role, job_title)
    if role is not row.role:
        trail.record(
            db.session(),
            "role changed",
            f"person {row.person_id}",
            by=by,
            at=now(),
            place=f"{here.kind} {here.id}",
            was=row.role,
            role=role,
        )
    db.session().commit()
    flash(f"{row.name} is now {ROLE_NAMES[role].lower()} here.", "success")
    # Who lowered their own role may not see this page any more.
    return redirect(url_for("home.home") if row.person_id == by and role is not row.role else _address(here))


def remove_member(kind: str, place_id: int, membership_id: int) -> Page:
    here, by = guard.found(Place), guard.signed_in_person().id
    _member_here(here, membership_id)
    store.lock_members(db.writing(), here.kind, here.id)
    row = _member_here(here, membership_id)
    if store.is_needed(db.session(), here.kind, here.id, row.person_id):
        db.session().rollback()
        problem = FieldProblem("remove", _only(here))
        return _member_page(here, row, MemberForm(formdata=None), (problem,))
    store.remove_membership(db.session(), row.id)
    detail = {"place": f"{here.kind} {here.id}", "role": row.role}
    trail.record(db.session(), "role removed", f"person {row.person_id}", by=by, at=now(), **detail)
    db.session().commit()
    flash(f"{row.name} is removed. They can no longer see anything here.", "success")
    # Who removed their own role may not see this page any more.
    return redirect(url_for("home.home") if row.person_id == by else _address(here))


def _invite_problems(here: Place, form: InviteForm, members: list[MemberRow]) -> tuple[FieldProblem, ...]:
    problems = []
    email = store.address_of(typed(form.email.data))
    if not is_email(email):
        problems.append(FieldProblem("email", "Enter an e-mail address, like name@example.org"))
    if not (name := typed_line(form.name.data)):
        problems.append(FieldProblem("name", "Enter the person’s name"))
    problems += too_long("name", "name", name)
    problems += too_long("job_title", "job title", typed_line(form.job_title.data))
    if form.role.data not in ROLES[here.kind]:
        problems.append(FieldProblem("role", "Choose what they may do"))
    elif there := next((row for row in members if _may_already(row, email, form.role.data)), None):
        text = f"{there.name} is {ROLE_NAMES[there.role].lower()} here already"
        problems.append(FieldProblem("email", text))
    elif _handing_over(form, members) and form.role.data != Role.SIGNATORY:
        problems.append(FieldProblem("role", "Who takes over from a signatory has to be a signatory"))
    return tuple(problems)


def _may_already(row: MemberRow, email: str, role: str) -> bool:
    """Whether an invitation would give this person nothing: a signatory may do all that others may."""
    return row.email == email and row.role in (role, Role.SIGNATORY)


def _handing_over(form: InviteForm, members: list[MemberRow]) -> MemberRow | None:
    """The signatory who was chosen to hand over, if that person is one still."""
    chosen = (row for row in members if str(row.id) == form.replaces.data and row.role is Role.SIGNATORY)
    return next(chosen, None)


def _member_problems(here: Place, row: MemberRow, form: MemberForm) -> tuple[FieldProblem, ...]:
    problems = []
    if form.role.data not in ROLES[here.kind]:
        problems.append(FieldProblem("role", "Choose what they may do"))
    elif form.role.data != row.role and store.is_needed(db.session(), here.kind, here.id, row.person_id):
        problems.append(FieldProblem("role", _only(here)))
    problems += too_long("job_title", "job title", typed_line(form.job_title.data))
    return tuple(problems)


def _only(here: Place) -> str:
    if here.kind is PlaceKind.INSTALLATION:
        return "This is the only administrator. Invite the next one first"
    return "This is the only signatory here, and somebody has to sign. Invite the next one first"


def _member_here(here: Place, membership_id: int) -> MemberRow:
    rows = store.members_of(db.session(), here.kind, here.id)
    return next((row for row in rows if row.id == membership_id), None) or abort(404)


def _invitation_here(here: Place, invitation_id: int) -> InvitationRow:
    row = invitations.by_id(db.session(), invitation_id)
    return row if row and row.grant.is_in(here.kind, here.id) else abort(404)


def _corrected(here: Place, typed_id: str) -> InvitationRow | None:
    """The open invitation to the place that another one is to correct."""
    waiting = invitations.of_place(db.session(), here.kind, here.id) if typed_id else []
    return next((row for row in waiting if str(row.id) == typed_id), None)


def _address(here: Place) -> str:
    return url_for("people.place", kind=here.kind.value, place_id=here.id)


def _place_page(here: Place, form: InviteForm, problems: tuple[FieldProblem, ...]) -> str:
    members = store.members_of(db.session(), here.kind, here.id)
    waiting = invitations.of_place(db.session(), here.kind, here.id)
    mails = mail.mails_about(db.session(), *(row.about for row in waiting))
    return render_template(
        "accounts/place.html",
        here=here,
        form=form,
        problems=problems,
        members=members,
        invitations=[
            (row, row.state(now()).value, [each for each in mails if each.about == row.about])
            for row in waiting
        ],
        signatories=[row for row in members if row.role is Role.SIGNATORY],
        roles=[(role.value, ROLE_NAMES[role], WHAT_ROLES_MAY[role]) for role in ROLES[here.kind]],
        role_names=ROLE_NAMES,
        shown=shown,
        corrects=_corrected(here, request.values.get("corrects", "")),
    )


def _member_page(here: Place, row: MemberRow, form: MemberForm, problems: tuple[FieldProblem, ...]) -> str:
    return render_template(
        "accounts/member.html",
        here=here,
        row=row,
        role=row.role.value if form.role.data is None else form.role.data,
        job_title=row.job_title or "" if form.job_title.data is None else typed(form.job_title.data),
        problems=problems,
        roles=[(role.value, ROLE_NAMES[role], WHAT_ROLES_MAY[role]) for role in ROLES[here.kind]],
        role_names=ROLE_NAMES,
        is_last=store.is_needed(db.session(), here.kind, here.id, row.person_id),
    )


for address, defaults in PLACES:
    for view, tail, method in (
        (place, "", "GET"),
        (invite, "", "POST"),
        (recall, "/invitations/<int:invitation_id>/recall", "POST"),
        (member, "/<int:membership_id>", "GET"),
        (change_member, "/<int:membership_id>", "POST"),
        (remove_member, "/<int:membership_id>/remove", "POST"),
    ):
        blueprint.add_url_rule(address + tail, view_func=view, methods=(method,), defaults=defaults)
