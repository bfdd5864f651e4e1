"""A school of few questions served to a browser: journeys on it are short."""

from dataclasses import dataclass

from sqlalchemy import select

from compact.access.values import Grant, Role
from compact.mail.models import OutboxMail
from tests import making
from tests.browser.serving import Site
from tests.making import World
from tests.pages import Visitor
from tests.school import School

ROUND, SCHOOL, SISTER = "Compact 2026", "Larkfield School", "Brindle School"
HEAD, DEPUTY, LEAD = "Robin Head", "Sam Deputy", "Max Lead"
ADDRESSES = {HEAD: "head@example.org", DEPUTY: "deputy@example.org", LEAD: "lead@example.org"}


@dataclass(frozen=True)
class Small:
    """A served world: a school with a draft in this year's round, and a sister school of the same trust."""

    site: Site
    school: School
    partnership: int
    sister: int

    @property
    def world(self) -> World:
        return self.school.world

    def admit(self, *names: str) -> None:
        """Sign people in at the site's present moment; afterwards a browser can come as them."""
        for name in names:
            self.site.visitors[name] = self.school.visit(ADDRESSES[name])

    def way_in_mail(self, subject: str) -> str:
        """Where the link of the one mail with such a subject leads to."""
        mails = select(OutboxMail.text).where(OutboxMail.subject.contains(subject))
        with self.site.engine.connect() as connection:
            text = connection.scalars(mails).one()
        _before, found, rest = text.partition("http://127.0.0.1")
        assert found
        return rest.split()[0]


def small_on(site: Site) -> Small:
    """The school with its people, who are signed in; it has said that it does not commission services."""
    world = World(site.engine)
    trust = world.trust()
    partnership, organisation = world.partnership(), world.organisation(SCHOOL, trust=trust)
    sister = world.organisation(SISTER, trust=trust)
    cycle = world.cycle(partnership, name=ROUND)
    world.person(HEAD, making.signatory(organisation), email=ADDRESSES[HEAD])
    world.person(DEPUTY, making.contributor(organisation), email=ADDRESSES[DEPUTY])
    world.person(LEAD, Grant(Role.TRUST_LEAD, trust_id=trust), email=ADDRESSES[LEAD])
    return_id = world.started(cycle, organisation)
    world.profile(return_id, commissions_services=False)

    def visit(email: str) -> Visitor:
        visitor = Visitor(site.app)
        visitor.enter(email)
        return visitor

    made = Small(site, School(world, cycle, organisation, return_id, visit), partnership, sister)
    made.admit(*ADDRESSES)
    return made
