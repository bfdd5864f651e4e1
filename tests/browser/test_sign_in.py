"""From an invitation to a saved answer with the keyboard alone, through a sign-in that ends on the way."""

import re

import pyotp
import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from compact.accounts.models import SignIn
from compact.mail.models import OutboxMail
from compact.returns.models import Answer
from tests import making
from tests.browser.conftest import Opener
from tests.browser.keyboard import Keyboard
from tests.browser.serving import AUTUMN, NOW, Site
from tests.browser.states import SCHOOL

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EMAIL, NAME = "next.head@demo.example", "Ren Hathersage"
PASSWORD = "kettle orbit marmalade"
EVIDENCE = "Typed before the sign-in ended.\nNothing of it is lost."


def test_from_an_invitation_to_an_answer_that_outlived_its_sign_in(site: Site, open_page: Opener) -> None:
    """I1, B1, WCAG 3.3.8: nothing to remember, codes can be pasted, and the text is kept."""
    keyboard = Keyboard(open_page(site, _invitation(site)))
    _accept(keyboard)
    recovery = _set_the_authenticator_up(keyboard)
    _sign_in_with_a_code(keyboard, recovery[0])
    _save_after_the_end(site, keyboard, recovery[1])


def _invitation(site: Site) -> str:
    """The address in the mail that a colleague's invitation sends."""
    place = f"/organisations/{site.organisation(SCHOOL)}/people"
    head = site.visitor("Robin Ashdown")
    head.send(head.get(place), email=EMAIL, name=NAME, job__title="Deputy head", role="contributor")
    with site.engine.connect() as connection:
        secret = connection.scalar(select(OutboxMail.secret).where(OutboxMail.recipient == EMAIL))
    return f"/invitation/{secret}"


def _accept(keyboard: Keyboard) -> None:
    expect(keyboard.page.get_by_role("heading", name="Your invitation")).to_be_visible()
    keyboard.page.reload()  # opening it again spends nothing
    keyboard.write_in(keyboard.page.locator("#password"), PASSWORD)
    keyboard.press("Accept and begin")
    expect(keyboard.page.get_by_role("alert")).to_contain_text("Your account is ready")


def _set_the_authenticator_up(keyboard: Keyboard) -> list[str]:
    """The recovery codes that are shown at the end."""
    keyboard.follow("Your account")
    keyboard.follow("Set up")
    keyboard.press("Continue")
    key = keyboard.page.locator(".compact-key").inner_text().replace(" ", "")
    keyboard.write("Code from the app", pyotp.TOTP(key).at(NOW))
    keyboard.press("Continue")
    codes = keyboard.page.locator(".compact-codes li").all_inner_texts()
    assert len(codes) == 10
    keyboard.press("I have kept them")
    return codes


def _sign_in_with_a_code(keyboard: Keyboard, code: str) -> None:
    keyboard.press("Sign out")
    keyboard.write("E-mail address", EMAIL)
    keyboard.write_in(keyboard.page.locator("#password"), PASSWORD)
    keyboard.press("Sign in")
    keyboard.write("Code", code)
    keyboard.press("Continue")
    expect(keyboard.page.get_by_role("link", name="Your account")).to_be_visible()


def _save_after_the_end(site: Site, keyboard: Keyboard, code: str) -> None:
    """The sign-in ends on the server while somebody types; saving leads through a new one."""
    page = keyboard.page
    page.goto(f"{site.return_of(SCHOOL, AUTUMN)}/standards/1")
    keyboard.write_in(page.get_by_label("Evidence", exact=True).first, EVIDENCE)
    with making.changing(site.engine) as connection:
        connection.execute(delete(SignIn))
    keyboard.press("Save and come back later")
    expect(page.get_by_role("heading", name="Sign in again to save")).to_be_visible()
    keyboard.write("E-mail address", EMAIL)
    keyboard.write_in(page.locator("#password"), PASSWORD)
    keyboard.press("Sign in and save")
    keyboard.write("Code", code)
    keyboard.press("Continue")
    expect(page.get_by_text(re.compile("Your answers are saved"))).to_be_visible()
    with site.engine.connect() as connection:
        kept = connection.scalars(select(Answer.evidence).where(Answer.evidence == EVIDENCE)).all()
    assert kept == [EVIDENCE]
