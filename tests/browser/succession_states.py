"""How the response came in, what was agreed with single organisations, and an invitation that came back."""

from datetime import timedelta

from sqlalchemy import select, update

from compact.accounts.models import Invitation
from compact.db import begin_writing, open_session
from compact.mail.models import OutboxMail
from tests.browser.desk_states import part
from tests.browser.serving import AUTUMN, NOW, SPRING, Site
from tests.browser.states import NURSERY, OFFICER, State, of_cycle

SLIP = {"email": "alex.new@exmaple.org", "name": "Alex New", "job_title": "Manager", "role": "signatory"}


def furnish(site: Site) -> None:
    """Somebody was invited at an address with a slip in it, and a nursery has more time."""
    officer, nursery = site.visitor(OFFICER), site.organisation(NURSERY)
    officer.post(f"/organisations/{nursery}/people", SLIP)
    with begin_writing(open_session(site.engine)) as session:
        invitation = session.scalars(select(Invitation.id).where(Invitation.email == SLIP["email"])).one()
        came_back = {
            "sent_at": NOW,
            "next_try_at": None,
            "secret": None,
            "returned_at": NOW + timedelta(hours=1),
        }
        session.execute(
            update(OutboxMail)
            .where(OutboxMail.about == f"invitation {invitation}")
            .values(**came_back, last_error="It came back: 550 5.1.1 there is no such user here")
        )
        session.commit()


STATES = (
    State("chase-closed", "desk/chase.html", "had signed by", of_cycle("/cycles", SPRING, "/chase"), OFFICER),
    State(
        "arrangements",
        "desk/arrangements.html",
        "and why",
        of_cycle("/cycles", AUTUMN, "/arrangements"),
        OFFICER,
    ),
    State("log", "desk/log.html", "Who sent it", of_cycle("/cycles", AUTUMN, "/log"), OFFICER),
    State("part-not-arrived", "desk/part.html", "did not arrive", part(NURSERY), OFFICER),
    State(
        "correct-invitation",
        "accounts/place.html",
        "Correct the invitation",
        lambda site: str(site.visitor(OFFICER).get(part(NURSERY)(site)).link("Correct the address")["href"]),
        OFFICER,
    ),
)
