"""A partnership of few organisations and few questions served to a browser, for short journeys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from compact.access import scope
from compact.mail.models import OutboxMail
from compact.mail.rules import SECRET
from compact.organisations.models import Organisation
from compact.review import looking
from tests import making
from tests.browser.serving import Site
from tests.making import World
from tests.pages import Visitor

PARTNERSHIP = "Wexcombe Partnership"
OFFICER, OFFICERS_ADDRESS = "Ellis Officer", "officer@example.org"


@dataclass(frozen=True)
class SmallDesk:
    """A served world: a partnership, its officer, and organisations by name, some with a head who signs."""

    site: Site
    world: World
    partnership: int
    organisations: Mapping[str, int]

    def admit(self, name: str, email: str) -> None:
        """Sign somebody in at the site's present moment; afterwards a browser can come as them."""
        visitor = Visitor(self.site.app)
        visitor.enter(email)
        self.site.visitors[name] = visitor

    def head(self, organisation: str) -> str:
        """The name of a head who signs for it from now on, and is signed in."""
        name, email = head_of(organisation), address_of(organisation)
        self.world.person(name, making.signatory(self.organisations[organisation]), email=email)
        self.admit(name, email)
        return name

    def know_address(self, organisation: str, email: str) -> None:
        """Know an e-mail address of it."""
        _write(self.world, self.organisations[organisation], contact_email=email)

    def at(self, moment: datetime) -> None:
        """Let it be another moment; who was signed in is no longer."""
        self.site.app.config["CLOCK"] = lambda: moment
        self.admit(OFFICER, OFFICERS_ADDRESS)

    def mails(self, subject: str) -> list[OutboxMail]:
        """The mails with these words in their subject, in the order written."""
        wanted = select(OutboxMail).where(OutboxMail.subject.contains(subject)).order_by(OutboxMail.id)
        with self.world.session() as session:
            return [*session.scalars(wanted)]

    def way_in_mail(self, subject: str, recipient: str) -> str:
        """Where the link of the one mail of this subject to somebody leads."""
        (mail,) = (each for each in self.mails(subject) if each.recipient == recipient)
        text = mail.text.replace(SECRET, mail.secret or "")
        _before, found, rest = text.partition("http://127.0.0.1")
        assert found
        return rest.split()[0]

    def look_at(self, *return_ids: int) -> None:
        """Work out the reasons to look at returns that were signed past the pages."""
        with self.site.app.app_context(), self.world.session() as session:
            scope.everything("a test")
            looking.look_at(session, return_ids)
            session.commit()


def head_of(organisation: str) -> str:
    return f"Head of {organisation}"


def address_of(organisation: str) -> str:
    return f"{organisation.split(maxsplit=1)[0].lower()}@example.org"


def desk_on(site: Site, organisations: Mapping[str, str]) -> SmallDesk:
    """The partnership and its officer, who is signed in, with organisations by name and setting type.

    A school's type may say its phase as well: `school/primary`.
    """
    world = World(site.engine)
    partnership = world.partnership(PARTNERSHIP)
    world.person(OFFICER, making.officer(partnership), email=OFFICERS_ADDRESS)
    made = {}
    for name, kind in organisations.items():
        setting, _, phase = kind.partition("/")
        made[name] = world.organisation(name, setting=setting)
        if phase:
            _write(world, made[name], phase=phase)
    desk = SmallDesk(site, world, partnership, made)
    desk.admit(OFFICER, OFFICERS_ADDRESS)
    return desk


def _write(world: World, organisation: int, **values: str) -> None:
    with making.changing(world.engine) as connection:
        connection.execute(update(Organisation).where(Organisation.id == organisation).values(**values))
