"""The settings: each variable, its default, and the refusal of what cannot be meant."""

from dataclasses import replace
from pathlib import Path

import pytest

from config import INSTANCE, ROOT, Refused, Settings, from_environment

STRONG = "k3JvY2t5LXJvYWQtdG8tZGVzdGlueS1vZi1hLWtleQ"


def test_without_any_variable_it_is_production_on_the_projects_own_file() -> None:
    assert from_environment({}) == Settings(
        environment="production",
        database_url=f"sqlite:///{INSTANCE / 'compact.db'}",
        secret_key="",
        base_url="http://127.0.0.1:8000",
        questionnaires=ROOT / "questionnaires",
        proxies=0,
        port=8000,
    )


def test_every_variable_is_read() -> None:
    found = from_environment(
        {
            "COMPACT_ENV": "demo",
            "DATABASE_URL": "postgresql://u:p@db/compact",
            "SECRET_KEY": STRONG,
            "BASE_URL": "https://compact.example.org",
            "QUESTIONNAIRES": "/srv/questionnaires",
            "PROXIES": "2",
            "PORT": "9000",
            "MAIL_URL": "smtps://compact:secret@mail.example.org:465",
            "MAIL_FROM": "Wexcombe Compact <compact@example.org>",
        }
    )

    assert found == Settings(
        environment="demo",
        database_url="postgresql://u:p@db/compact",
        secret_key=STRONG,
        base_url="https://compact.example.org",
        questionnaires=Path("/srv/questionnaires"),
        proxies=2,
        port=9000,
        mail_url="smtps://compact:secret@mail.example.org:465",
        mail_from="Wexcombe Compact <compact@example.org>",
    )


def test_a_variable_that_is_set_to_nothing_counts_as_not_set() -> None:
    """As an empty line of an .env file has it."""
    names = (
        "DATABASE_URL",
        "SECRET_KEY",
        "BASE_URL",
        "QUESTIONNAIRES",
        "PROXIES",
        "PORT",
        "MAIL_URL",
        "MAIL_FROM",
    )

    assert from_environment(dict.fromkeys(names, "")) == from_environment({})


def test_the_public_address_follows_the_port() -> None:
    assert from_environment({"PORT": "8123"}).base_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize("environment", ["", "Production", "prod", "staging", " demo"])
def test_an_unknown_environment_is_refused_by_name(environment: str) -> None:
    with pytest.raises(
        Refused, match=r"^COMPACT_ENV is .* use one of production, development, demo, test\.$"
    ):
        from_environment({"COMPACT_ENV": environment})


@pytest.mark.parametrize("name", ["PORT", "PROXIES"])
@pytest.mark.parametrize("value", ["x", "-1", "1.5", "1e3", "٣", "0x10", " 1", "123456", "1\n"])
def test_what_is_no_whole_number_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Refused, match=f"^{name} is .*: use a whole number"):
        from_environment({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "compact.example.org"),  # without its scheme the cookies would not be Secure
        ("BASE_URL", "HTTPS//compact.example.org"),
        ("BASE_URL", "ftp://compact.example.org"),
        ("BASE_URL", "https://"),
        ("DATABASE_URL", "compact.db"),
        ("DATABASE_URL", "mysql://db/compact"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PROXIES", "10000"),
    ],
)
def test_an_address_or_number_that_cannot_be_meant_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Refused, match=f"^{name} is "):
        from_environment({name: value})


@pytest.mark.parametrize(
    ("environment", "production", "demo"),
    [
        ("production", True, False),
        ("development", False, True),
        ("demo", False, True),
        ("test", False, True),
    ],
)
def test_demo_people_are_never_allowed_in_production(environment: str, production: bool, demo: bool) -> None:
    found = from_environment({"COMPACT_ENV": environment})

    assert (found.is_production, found.allows_demo) == (production, demo)


def test_settings_cannot_be_changed_once_they_are_read() -> None:
    settings = from_environment({})

    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc]
    assert replace(settings, port=1).port == 1


@pytest.mark.parametrize(
    ("environment", "url", "sender"),
    [
        ("production", "", ""),
        ("development", "console", "compact@localhost"),
        ("demo", "console", "compact@localhost"),
        ("test", "console", "compact@localhost"),
    ],
)
def test_mail_is_printed_where_nobody_said_otherwise_but_not_in_production(
    environment: str, url: str, sender: str
) -> None:
    found = from_environment({"COMPACT_ENV": environment})

    assert (found.mail_url, found.mail_from) == (url, sender)


@pytest.mark.parametrize(
    "url",
    [
        "console",
        "file:instance/mails",
        "file:/var/spool/compact mails",
        "smtp://localhost",
        "smtp://mail.example.org:587/",
        "smtp://[::1]:2525",
        "smtps://compact@example.org:p@ss:w%2Frd%23%25@mail.example.org",
    ],
)
def test_mail_goes_where_it_can(url: str) -> None:
    assert from_environment({"MAIL_URL": url}).mail_url == url


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "file:",
        "consoles",
        "http://mail.example.org",
        "smtp://",
        "smtp://compact:hunter2@",
        "smtp://hunter2@mail.example.org",  # a user name without a password
        "smtp://compact:hunter2/x@mail.example.org",  # would be the host "compact" and the port "hunter2"
        "smtp://compact:hunter2#x@mail.example.org",
        "smtp://compact:hunter2?x@mail.example.org",
        "smtp://compact:hunter2\u00e9@mail.example.org",
        "smtp://compact:hunter2%C3%A9@mail.example.org",
        "smtp://compact:hunter2%0D%0A@mail.example.org",
        "smtp://compact:hunter2@mail..example.org",
        "smtp://compact:hunter2@mail.example.org:0",
        "smtp://compact:hunter2@mail.example.org:65536",
        "smtp://compact:hunter2@mail.example.org:smtp",
        "smtp://compact:hunter2@mail.example.org/path",
        "smtp://compact:hunter2@mail.example.org\n",
    ],
)
def test_a_wrong_place_for_mail_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Refused, match=r"^MAIL_URL is not console, file:FOLDER, or an address") as refused:
        from_environment({"MAIL_URL": url})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "sender",
    [
        "compact@localhost",
        "Compact <compact@example.org>",
        '"St. Jude\'s, Wexcombe" <compact@example.org>',
        "Sŵn <compact@example.org>",
    ],
)
def test_mail_comes_from_an_address_with_a_name_or_without(sender: str) -> None:
    assert from_environment({"MAIL_FROM": sender}).mail_from == sender


@pytest.mark.parametrize(
    "sender",
    [
        "compact",
        "compact@",
        "@example.org",
        "Compact compact@example.org",
        "Compact <compact@example.org",
        "Wexcombe, Compact <compact@example.org>",
        "a@example.org, b@example.org",
        "Team: a@example.org;",
        "compact@example.org\r\nBcc: thief@example.org",
        "Compact <compact@example.org>\n",
        "zo\u00eb@example.org",
    ],
)
def test_e4_what_is_no_sender_is_refused(sender: str) -> None:
    """E4: CR/LF in what reaches a header."""
    with pytest.raises(Refused, match=r"^MAIL_FROM is not an address such as"):
        from_environment({"MAIL_FROM": sender})
