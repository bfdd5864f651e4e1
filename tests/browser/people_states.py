"""The pages of accounts and people in their states; with them, every page in every state."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, Page
from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.accounts import store
from compact.accounts.models import Authenticator
from compact.accounts.second_factor import new_recovery_codes
from compact.db import begin_writing, open_session
from compact.demo.people import PASSWORD
from compact.mail.models import OutboxMail
from compact.organisations.models import Organisation, Partnership
from tests.browser import (
    area_states,
    desk_states,
    finding_states,
    inspection_states,
    journey_states,
    organisation_states,
    paper_states,
    plan_states,
    practice_states,
    queue_states,
    review_states,
    settings_states,
    statement_states,
    states,
    succession_states,
    summary_states,
)
from tests.browser.serving import NOW, SPRING, Site, email_of
from tests.browser.states import (
    COLLEAGUE,
    GOVERNOR,
    HEAD,
    NURSERY,
    OFFICER,
    SCHOOL,
    Act,
    State,
    Way,
    at,
    follow,
    of_return,
    press,
    school,
)
from tests.pages import Visitor

ADMINISTRATOR = "Chris Vane"
# Who reads for two organisations and has an authenticator app; and who is invited to the school.
NELL, NELLS_ADDRESS = "Nell Quist", "nell.quist@demo.example"
NEWCOMER, NEWCOMERS_ADDRESS = "Alex New", "alex.new@demo.example"


def furnish(site: Site) -> None:
    """What these states need beyond those of `states`."""
    states.furnish(site)
    plan_states.furnish(site)
    summary_states.furnish(site)
    paper_states.furnish(site)
    organisation_states.furnish(site)
    inspection_states.furnish(site)
    desk_states.furnish(site)
    review_states.furnish(site)
    settings_states.furnish(site)
    statement_states.furnish(site)
    succession_states.furnish(site)
    with begin_writing(open_session(site.engine)) as session:
        nell = store.add_person(session, NELLS_ADDRESS, NELL, _password_hash(site), NOW)
        for name in (SCHOOL, NURSERY):
            grant = Grant(Role.READER, organisation_id=site.organisation(name))
            store.add_membership(session, nell, grant)
        session.add(Authenticator(person_id=nell, secret="A" * 32, confirmed_at=NOW, last_step=0))
        new_recovery_codes(session, nell)
        session.commit()
    site.visitors[NELL] = Visitor(site.app)
    site.visitors[NELL].enter(NELLS_ADDRESS)
    invited = {"email": NEWCOMERS_ADDRESS, "name": NEWCOMER, "job_title": "Bursar", "role": "contributor"}
    site.visitor(HEAD).post(_people_of_school(site), invited)
    site.visitor(GOVERNOR).post("/account/authenticator/begin")
    site.visitor(OFFICER).get(site.return_of(SCHOOL, SPRING))


def _password_hash(site: Site) -> str:
    """The hash of everybody's password, as the demo has it."""
    with open_session(site.engine) as session:
        known = store.password_hash_of(session, email_of(HEAD))
    assert known is not None
    assert known[1] is not None
    return known[1]


def _people_of_school(site: Site) -> str:
    return f"/organisations/{site.organisation(SCHOOL)}/people"


def _contacts(site: Site) -> str:
    with site.engine.connect() as connection:
        first = connection.scalars(select(Partnership.id).order_by(Partnership.id)).first()
    return f"/partnerships/{first}/contacts"


def _link(site: Site) -> str:
    """The address in the newcomer's mail."""
    mails = select(OutboxMail.secret).where(OutboxMail.recipient == NEWCOMERS_ADDRESS)
    with site.engine.connect() as connection:
        return f"/invitation/{connection.scalars(mails).one()}"


def _in_turn(*acts: Act) -> Act:
    def act(site: Site, page: Page) -> None:
        for each in acts:
            each(site, page)

    return act


def _fill(label: str, text: str) -> Act:
    return lambda _site, page: page.get_by_label(label, exact=True).fill(text)


def _choose(listed: Callable[[str], str]) -> Act:
    """Choose a file with a list of contacts for the school, and look at it."""

    def act(site: Site, page: Page) -> None:
        known = select(Organisation.register, Organisation.identifier).where(Organisation.name == SCHOOL)
        with site.engine.connect() as connection:
            register, identifier = connection.execute(known).one()
        text = f"organisation,email,name,role\n{listed(f'{register}:{identifier}')}"
        file = FilePayload(name="contacts.csv", mimeType="text/csv", buffer=text.encode())
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="Look at the list").click()

    return act


def _post_nowhere(_site: Site, page: Page) -> None:
    """Save a page whose address leads nowhere any more, as after a role was taken away meanwhile."""
    page.get_by_label("Evidence").first.fill("What was typed meanwhile, word for word.")
    page.locator("main form").first.evaluate("form => { form.action = '/returns/2147483647/standards/5' }")
    page.get_by_role("button", name="Save and continue").click()


def _prove(site: Site, page: Page) -> None:
    """Type a recovery code that was not used before, however often this is shown."""
    with open_session(site.engine) as session:
        nell = store.person_by_email(session, NELLS_ADDRESS)
        assert nell is not None
        code, *_ = new_recovery_codes(begin_writing(session), nell.id)
        session.commit()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Make new codes").click()


def _state(name: str, template: str, words: str, way: Way, person: str | None = None, *acts: Act) -> State:
    return State(name, f"accounts/{template}.html", words, way, person, _in_turn(*acts))


_sign_in = (_fill("E-mail address", NELLS_ADDRESS), _fill("Password", PASSWORD), press("Sign in"))
_ask = (_fill("E-mail address", NELLS_ADDRESS), press("Send me a code"))
SIGNING_IN = (
    _state("ask-for-code", "ask_for_code", "Get a code by e-mail", at("/sign-in/mail")),
    _state("ask-for-code-error", "ask_for_code", "Enter your", at("/sign-in/mail"), None, press("Send me")),
    _state("mailed-code", "mailed_code", "Look into your mailbox", at("/sign-in/mail"), None, *_ask),
    _state("second-step", "second_step", "Enter the code of your", at("/sign-in"), None, *_sign_in),
    State("kept-not-found", "errors/kept.html", "word for word", school("/standards/5"), HEAD, _post_nowhere),
)
OWN_ACCOUNT = (
    _state("account", "account", "Not set up", at("/account"), COLLEAGUE),
    _state("account-with-app", "account", "Recovery codes", at("/account"), NELL),
    _state("password", "password", "Change your password", at("/account/password"), HEAD),
    _state(
        "password-error", "password", "Enter", at("/account/password"), HEAD, press("Change the password")
    ),
    _state("begin-app", "begin_authenticator", "Set up an", at("/account/authenticator"), HEAD),
    _state("connect-app", "authenticator", "Connect the app", at("/account/authenticator"), GOVERNOR),
    _state("prove-again", "prove_again", "Enter the code of your", at("/account/authenticator"), NELL),
    _state("remove-app", "prove_for", "Remove your", at("/account/authenticator/remove"), NELL),
    _state("renew-error", "prove_for", "Enter the code", at("/account/recovery-codes"), NELL, press("Make")),
    _state("recovery-codes", "recovery_codes", "Keep your", at("/account/recovery-codes"), NELL, _prove),
    _state("acting-for", "acting_for", "Larkfield", at("/acting-for"), NELL),
)
INVITATIONS = (
    _state("invitation", "invitation", "has invited", _link),
    _state(
        "invitation-error", "invitation", "Enter your name", _link, None, _fill("Your name", ""), press("Acc")
    ),
    _state("invitation-elsewhere", "invitation", "You are signed in as", _link, HEAD),
    _state("invitation-over", "invitation_over", "used already", at("/invitation/spent")),
)
PEOPLE = (
    _state("people", "place", "Who is here", _people_of_school, HEAD),
    _state("people-error", "place", "Choose what", _people_of_school, HEAD, press("Send the invitation")),
    _state("administrators", "place", "Who is here", at("/administrators"), ADMINISTRATOR),
    _state("member", "member", "They lose their role", _people_of_school, HEAD, follow(COLLEAGUE)),
    _state("member-needed", "member", "the only signatory", _people_of_school, OFFICER, follow(HEAD)),
    _state("places", "places", "Organisations and who can sign", at("/people"), OFFICER),
    _state("places-nothing", "places", "No organisation has that", at("/people?q=zzz"), ADMINISTRATOR),
    _state("contacts", "contacts", "Each person of the list", _contacts, OFFICER),
    _state(
        "contacts-shown",
        "contacts",
        "1 to invite",
        _contacts,
        OFFICER,
        _choose(lambda place: f"{place},kim@demo.example,Kim Lane,reader\n"),
    ),
    _state(
        "contacts-error",
        "contacts",
        "is not an e-mail address",
        _contacts,
        OFFICER,
        _choose(lambda place: f"{place},kim,,king\nGIAS:0,kim,Kim,reader\n"),
    ),
)
ADMINISTRATION = (
    _state("accounts", "people", "People by name", at("/administration/people"), ADMINISTRATOR),
    _state("accounts-nobody", "people", "Nobody has", at("/administration/people?q=zz"), ADMINISTRATOR),
    _state("person", "person", "Disable", at("/administration/people?q=nell"), ADMINISTRATOR, follow(NELL)),
    _state("trail", "trail", "Each entry holds", at("/administration/trail"), ADMINISTRATOR),
    _state("security", "security", "Kept for", at("/administration/security"), ADMINISTRATOR),
    State("readers", "returns/readers.html", "Everybody from", of_return(SCHOOL, SPRING, "/readers"), HEAD),
)
OF_PEOPLE = (*SIGNING_IN, *OWN_ACCOUNT, *INVITATIONS, *PEOPLE, *ADMINISTRATION)
STATES = (
    *states.STATES,
    *plan_states.STATES,
    *summary_states.STATES,
    *paper_states.STATES,
    *area_states.STATES,
    *finding_states.STATES,
    *journey_states.STATES,
    *organisation_states.STATES,
    *inspection_states.STATES,
    *desk_states.STATES,
    *review_states.STATES,
    *settings_states.STATES,
    *statement_states.STATES,
    *succession_states.STATES,
    *queue_states.STATES,
    *practice_states.STATES,
    *OF_PEOPLE,
)
