"""What an invitation's mail says, whoever wrote the names in it."""

import pytest
from sqlalchemy import update

from compact.access.values import Role
from compact.accounts.models import Person
from compact.mail.models import OutboxMail
from compact.mail.rules import SECRET, Mail, message
from compact.organisations.models import Organisation
from tests import making
from tests.accounts.conftest import House

TEXT = """Dear Alex New,

Robin Head has invited you to the Safeguarding and Early Help Compact,
where organisations that work with children assess how well they keep them safe.

Your role: Signatory for Larkfield School

To begin, open this page. You choose a password there, or sign in if you have an account already:

http://localhost/invitation/{secret}

The link is for you alone. It can be used once, until 2 November 2026 at 9:30am.
If you do not know why you were invited, do nothing: nobody is signed up by this mail alone.

If you need help, ask Wexcombe Partnership:
The officers, officers@wexcombe.example
"""
HOSTILE = (
    SECRET,
    f"{SECRET}{SECRET}",
    "{{7*7}}",
    "{secret!r} {0} %s",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=?utf-8?q?Bcc:_evil=40example.org?=",
    "Ŵyn o’Neill \u202egnp.exe",
    "\N{GRINNING FACE}\u200b",
)


def test_i9_its_words(house: House) -> None:
    """I9: who invites, to what, until when; no child and no answer."""
    house.invite(role=Role.SIGNATORY)

    assert house.rows(OutboxMail.recipient, OutboxMail.subject, OutboxMail.text) == [
        (
            "new@example.org",
            "Your invitation to the Safeguarding and Early Help Compact: Larkfield School",
            TEXT,
        )
    ]


def test_e8_the_link_is_of_the_settings_and_not_of_the_request(house: House) -> None:
    """E8: a forged Host header would lead the person to somebody else's page."""
    head = house.head()
    data = {"csrf_token": head.token(), "email": "new@example.org", "name": "Alex New", "role": "reader"}
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}

    head.open(house.page, "POST", data=data, headers=forged, follow=False)

    for (text,) in house.rows(OutboxMail.text):
        assert "http://localhost/invitation/" in text
        assert "evil" not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_e1_a_hostile_name_is_shown_as_typed_and_the_link_stands_once(house: House, name: str) -> None:
    """E1: of the person, of who invites, and of the place; on the page, in the mail, and in its subject."""
    with house.world.session() as session:
        session.execute(update(Person).where(Person.id == 1).values(name=name))
        session.execute(update(Organisation).values(name=name))
        session.commit()
    link = house.invite(name=name)
    token = link.removeprefix("/invitation/")

    ((subject, text, secret),) = house.rows(OutboxMail.subject, OutboxMail.text, OutboxMail.secret)
    made = message(Mail(1, "new@example.org", subject, text, secret, "1", making.NOW, 1), "c@example.org")
    content = made.get_content()
    assert content.count(token) == 1
    assert f"http://localhost{link}\n" in content
    assert content.replace("\u2060", "").count(name) == 3
    assert made["Subject"].replace("\u2060", "").endswith(name)
    assert set(made.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    for page in (house.visit("").get(link), house.head().get(house.page)):
        assert " ".join(name.split()) in page.text.replace("\u2060", "")
        assert not page.soup.select("main script, main img")


@pytest.mark.parametrize("field", ["name", "job_title"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028"])
def test_e4_line_breaks_in_a_field_of_one_line_are_blanks(house: House, field: str, end: str) -> None:
    """E4: nobody adds a line to a mail by typing one."""
    form = {
        "email": "new@example.org",
        "name": "Alex",
        "role": "reader",
        field: f"A{end}Bcc: evil@example.org",
    }

    page = house.head().post(house.page, form)

    assert page.banner == ["An invitation to new@example.org is on its way."]
    ((text,),) = house.rows(OutboxMail.text)
    assert not [line for line in text.splitlines() if line.startswith("Bcc")]
    if field == "name":
        assert text.startswith("Dear A Bcc: evil@example.org,\n\n")


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org\nBcc: b@example.org",
        "a@example.org,b@example.org",
        "a@b@example.org",
        "a",
        "<a@example.org>",
    ],
)
def test_e4_an_address_is_one_address(house: House, email: str) -> None:
    """E4: and nothing else."""
    page = house.head().post(house.page, {"email": email, "name": "Alex", "role": "reader"})

    assert page.summary == ["Enter an e-mail address, like name@example.org"]
    assert house.rows(OutboxMail.id) == []
