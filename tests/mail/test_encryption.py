"""A password is said to nobody but a server that shows a good certificate; what can be encrypted is."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from compact.mail.sending import NobodyServed
from tests.mail.conftest import send_one
from tests.mail.server import LOGIN, PASSWORD, USER, Post, serving

CERTIFICATE = Path(__file__).with_name("certificate.pem")
LOGGED_IN = [(USER.encode(), PASSWORD.encode(), True)]


@pytest.fixture
def tls() -> ssl.SSLContext:
    """How the server encrypts: with a certificate that it signed itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine whose authority signed that certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.mark.usefixtures("trusted")
def test_starttls_comes_before_the_password(post: Post, tls: ssl.SSLContext) -> None:
    with serving(post, tls_context=tls, authenticator=post.authenticate) as place:
        send_one(f"smtp://{LOGIN}@{place}")

    assert post.logins == LOGGED_IN
    assert [each.encrypted for each in post.arrived] == [True]


@pytest.mark.usefixtures("trusted")
def test_smtps_is_encrypted_from_the_first_byte(post: Post, tls: ssl.SSLContext) -> None:
    with serving(
        post, ssl_context=tls, authenticator=post.authenticate, auth_require_tls=False
    ) as place:  # to aiosmtpd only STARTTLS is TLS
        send_one(f"smtps://{LOGIN}@{place}")

    assert post.logins == LOGGED_IN
    assert [each.encrypted for each in post.arrived] == [True]


@pytest.mark.parametrize(("scheme", "option"), [("smtp", "tls_context"), ("smtps", "ssl_context")])
def test_a_certificate_that_nobody_signed_gets_no_password(
    post: Post, tls: ssl.SSLContext, scheme: str, option: str
) -> None:
    options: dict[str, Any] = {option: tls, "authenticator": post.authenticate, "auth_require_tls": False}
    with (
        serving(post, **options) as place,
        pytest.raises(
            NobodyServed, match=r"cannot be used: its certificate is not good: self.signed certificate$"
        ),
    ):
        send_one(f"{scheme}://{LOGIN}@{place}")

    assert (post.logins, post.arrived) == ([], [])


def test_a_server_without_encryption_gets_no_password(post: Post) -> None:
    """Nor one whose offer of STARTTLS somebody on the way has taken out."""
    with (
        serving(post, authenticator=post.authenticate, auth_require_tls=False) as place,
        pytest.raises(NobodyServed, match=r": it offers no encryption, so no password is sent to it$"),
    ):
        send_one(f"smtp://{LOGIN}@{place}")

    assert (post.logins, post.arrived) == ([], [])


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_the_servers_matter_not_the_mails_and_is_not_repeated(
    post: Post, tls: ssl.SSLContext
) -> None:
    with (
        serving(post, tls_context=tls, authenticator=post.authenticate) as place,
        pytest.raises(NobodyServed, match=r"^The mail server cannot be used: 535 5.7.8 [\w ]+$"),
    ):
        send_one(f"smtp://{USER}:not-the-password@{place}")

    assert {password for _user, password, _encrypted in post.logins} == {b"not-the-password"}
    assert post.arrived == []


def test_without_a_password_this_machines_own_server_may_show_any_certificate(
    post: Post, tls: ssl.SSLContext
) -> None:
    with serving(post, tls_context=tls) as place:
        send_one(f"smtp://{place}")

    assert [each.encrypted for each in post.arrived] == [True]


def test_another_servers_certificate_is_looked_at_also_without_a_password(
    post: Post, tls: ssl.SSLContext
) -> None:
    with (
        serving(post, host="127.0.0.2", tls_context=tls) as place,
        pytest.raises(NobodyServed, match=r"its certificate is not good: self.signed certificate"),
    ):
        send_one(f"smtp://{place}")

    assert post.arrived == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_name_is_not_good(post: Post, tls: ssl.SSLContext) -> None:
    with (
        serving(post, host="127.0.0.2", tls_context=tls, authenticator=post.authenticate) as place,
        pytest.raises(NobodyServed, match="its certificate is not good: IP address mismatch"),
    ):
        send_one(f"smtp://{LOGIN}@{place}")

    assert (post.logins, post.arrived) == ([], [])
