"""The settings, each with its meaning; all come from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.policy import default as as_headers
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
ENVIRONMENTS = ("production", "development", "demo", "test")
DATABASES = re.compile(r"(sqlite|postgresql(\+psycopg)?)://.*")
# Without / ? # in a user name or a password: they would end the host's part of the address unseen.
MAIL = re.compile(
    r"console|file:.+|smtps?://([^\s:/?#]+:[^\s/?#]+@)?"
    r"([A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?/?"
)
WEB = re.compile(r"https?://[^/\s]+(/\S*)?")
SHAPES = {DATABASES: "sqlite:// or postgresql://", WEB: "http:// or https:// and names a host"}


class Refused(Exception):  # noqa: N818 - the start is refused; the message says what to put right
    """The settings do not allow the application to start."""


@dataclass(frozen=True)
class Settings:
    """What the environment says. See `from_environment` for the variables' names and defaults."""

    environment: str
    database_url: str
    secret_key: str
    base_url: str
    questionnaires: Path
    proxies: int
    port: int
    mail_url: str = ""
    mail_from: str = ""

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def requires_second_factor(self) -> bool:
        """Whether officers and administrators need an authenticator; elsewhere it is offered to them."""
        return self.environment in ("production", "test")

    @property
    def allows_demo(self) -> bool:
        """Demo people, whose passwords everyone knows, exist only here."""
        return self.environment in ("demo", "development", "test")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises Refused, naming the variable and the cure.

    COMPACT_ENV     production (default), development, demo or test.
    DATABASE_URL    sqlite:///FILE or postgresql://...; instance/compact.db by default.
    SECRET_KEY      signs cookies; at least 32 characters, required in production.
    BASE_URL        the public address: links in mails, the host that is answered to, whether cookies are
                    Secure. Production requires https://.
    QUESTIONNAIRES  folder of editions; questionnaires/ of the project by default.
    PROXIES         how many reverse proxies stand before the application (0 by default).
    PORT            the port to serve on, 8000 by default.
    MAIL_URL        smtp://user:password@host:port, smtps://..., console, or file:FOLDER for a file each;
                    console by default but in production, which sends no mail without it.
    MAIL_FROM       whom mails come from: an address, or Name <address>; compact@localhost by default but
                    in production, which sends no mail without it.
    """
    environment = environ.get("COMPACT_ENV", "production")
    if environment not in ENVIRONMENTS:
        raise Refused(f"COMPACT_ENV is {environment!r}: use one of {', '.join(ENVIRONMENTS)}.")
    port = _whole_number(environ, "PORT", 8000, range(1, 65_536))
    is_production = environment == "production"
    return Settings(
        environment=environment,
        database_url=_address(environ, "DATABASE_URL", f"sqlite:///{INSTANCE / 'compact.db'}", DATABASES),
        secret_key=environ.get("SECRET_KEY", ""),
        base_url=_address(environ, "BASE_URL", f"http://127.0.0.1:{port}", WEB),
        questionnaires=Path(environ.get("QUESTIONNAIRES") or ROOT / "questionnaires"),
        proxies=_whole_number(environ, "PROXIES", 0, range(10)),
        port=port,
        mail_url=_mail_url(environ.get("MAIL_URL") or ("" if is_production else "console")),
        mail_from=_mail_from(environ.get("MAIL_FROM") or ("" if is_production else "compact@localhost")),
    )


def _whole_number(environ: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) in allowed):
        raise Refused(f"{name} is {text!r}: use a whole number from {allowed[0]} to {allowed[-1]}.")
    return int(text)


def _address(environ: Mapping[str, str], name: str, default: str, shape: re.Pattern[str]) -> str:
    """An address of the shape given. It is not shown when it is wrong: it may hold a password."""
    text = environ.get(name) or default
    if not shape.fullmatch(text):
        raise Refused(f"{name} is not an address that begins with {SHAPES[shape]}.")
    return text


def _mail_url(text: str) -> str:
    """Where mail goes, or nothing. It is not shown when it is wrong: it may hold a password."""
    if text and not (MAIL.fullmatch(text) and unquote(text).isprintable() and _can_be_called(text)):
        raise Refused(
            "MAIL_URL is not console, file:FOLDER, or an address such as smtp://user:password@host:587 or "
            "smtps://user:password@host:465. In a user name or a password write %3A for a colon, %2F for a "
            "slash, %3F for ?, %23 for # and %25 for a percent sign; other letters than ASCII cannot be used."
        )
    return text


def _can_be_called(text: str) -> bool:
    """Whether a server has a port that there is, and a user name and a password that SMTP can say."""
    if not text.startswith("smtp"):
        return True
    try:
        return urlsplit(text).port != 0 and unquote(text).isascii()
    except ValueError:
        return False


def _mail_from(text: str) -> str:
    """Whom mails come from, or nothing: one address of a mail's header, with a name or without."""
    if text and not _is_sender(text):
        raise Refused(
            "MAIL_FROM is not an address such as compact@example.org, or Name <compact@example.org>. "
            'A name that holds a comma, a full stop or brackets stands in "quotation marks".'
        )
    return text


def _is_sender(text: str) -> bool:
    try:
        header = as_headers.header_factory("From", text)
        (address,) = header.addresses
    except (ValueError, IndexError, AttributeError):  # the parser's own faults with broken addresses
        return False
    is_group = header.groups[0].display_name is not None
    is_whole = address.username and address.domain and address.addr_spec.isascii()
    return bool(is_whole and not is_group and not header.defects)
