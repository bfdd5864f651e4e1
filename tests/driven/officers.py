"""What an officer does, page by page, with an authenticator; every page that comes is inspected."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyotp

from tests.driven.browser import Person
from tests.driven.heads import PASSWORD
from tests.driven.made_up import CLOSES, MANY, OPENS, Organisation
from tests.driven.serving import Service
from tests.pages import Page

ROUND, FOUR_AREAS = "Compact 2026", "Four areas 2026"


@dataclass
class Officer:
    """Somebody of a partnership, with a telephone."""

    service: Service
    browser: Person
    secret: str = ""
    cycle: int = 0

    @classmethod
    def of(cls, service: Service, email: str, address: str) -> "Officer":
        return cls(service, Person(service.port, address, email))

    def accept(self, invitation: str) -> None:
        """Follow the link of the mail, choose a password, and connect the authenticator that is asked for."""
        page = self.browser.get(invitation)
        told = {"name": "Ellis Officer", "password": PASSWORD}
        page = self.browser.send(page, **told)
        page = self.browser.send(page, selector="form[action*='/authenticator/begin']")
        self.secret = page.one(".compact-key").get_text().replace(" ", "")
        page = self.browser.send(page, selector="form[action*='/account/authenticator']", code=self._code())
        assert page.h1 == "Keep your recovery codes"

    def enter(self) -> None:
        """Begin a day's work."""
        page = self.browser.get("/sign-in")
        page = self.browser.send(page, email=self.browser.email, password=PASSWORD)
        page = self.browser.send(page, code=self._code())
        assert page.h1 == "Your rounds" or "Home" in page.h1, page.h1

    def _code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.service.clock.now())

    def open_round(self) -> Page:
        """Open the round of everybody but the four-area bodies; what is checked before launch comes then."""
        typed = {
            **self.browser.get("/cycles/open").fields(),
            "name": ROUND,
            "edition": "2026",
            "setting": [each for each in MANY if each != "hips"],
            "opens": f"{OPENS:%d %m %Y}",
            "closes": f"{CLOSES:%d %m %Y}",
            "threshold": "9",
        }
        page = self.browser.post("/cycles/open", typed)
        assert page.h1 == "Check and launch", page.summary
        self.cycle = int(re.findall(r"/cycles/(\d+)", page.address)[0])
        return page

    def launch(self, cycle: int) -> int:
        """Tell everybody who was not told; how many mails that were."""
        page = self.browser.get(f"/cycles/{cycle}/check")
        page = self.browser.send(page, selector="form[action*='/launch']")
        return int(page.banner[0].split()[0])

    def four_areas(self) -> int:
        """The id of the round that all four run, which the officer finds in the list of rounds."""
        link = self.browser.get("/cycles").link(FOUR_AREAS)
        return int(re.findall(r"/cycles/(\d+)", str(link["href"]))[0])

    def chase(self, show: str) -> dict[str, str]:
        """The organisations that the desk shows of a kind, by name, with the addresses of their pages."""
        found: dict[str, str] = {}
        page, number = self._chased(show, 1), 1
        while rows := page.soup.select("main tbody th a[href*='/organisations/']"):
            found |= {each.get_text(strip=True): str(each["href"]) for each in rows}
            number += 1
            if not page.soup.select(f"a[href*='page={number}']"):
                break
            page = self._chased(show, number)
        return found

    def _chased(self, show: str, number: int) -> Page:
        return self.browser.get(f"/cycles/{self.cycle}/chase?show={show}&page={number}")

    def write_to(self, show: str) -> int:
        """Send the desk's draft to all of a stage, after a look at it; how many mails that were."""
        page = self.browser.get(f"/cycles/{self.cycle}/write?show={show}")
        page = self.browser.send(page, selector="main form:has(textarea)", then="preview")
        page = self.browser.send(
            page, selector="main form:has(input[name=subject][type=hidden])", then="send"
        )
        return int(page.banner[0].split()[0])

    def excuse(self, part: str) -> None:
        form = "form[action$='/excuse']"
        page = self.browser.send(self.browser.get(part), selector=form, why="It closes at Easter.")
        assert "is excused" in page.banner[0]

    def note_call(self, part: str) -> None:
        form, said = "form[action$='/calls']", "The new head begins on Monday."
        page = self.browser.send(self.browser.get(part), selector=form, whom="The office", said=said)
        assert said in page.text

    def give_time(self, organisations: Iterable[str], until: str) -> str:
        """More time for some, by the ids in the addresses of their pages; what the officer is told."""
        ids = [each.rsplit("/", 1)[1] for each in organisations]
        typed = {"organisation": ids, "until": until, "why": "The head is ill."}
        return self.browser.post(f"/cycles/{self.cycle}/more-time", typed).banner[0]

    def invite(self, organisation: Organisation, part: str, email: str) -> None:
        """Ask somebody else to take over from who signs, from the page of an organisation in the round."""
        people = self.browser.get(part).one("main a[href*='people']")
        page = self.browser.get(str(people["href"]))
        told = {"email": email, "name": "Another Head", "job_title": "Headteacher", "role": "signatory"}
        who = (
            each for each in page.soup.select("option") if f"Head {organisation.number}" in each.get_text()
        )
        told["replaces"] = str(next(who)["value"])
        page = self.browser.send(page, selector="main form:has(input[name=email])", **told)
        assert email in page.text, organisation.name

    def review(self, return_address: str, *, accept: bool) -> str:
        """Read a return, say how one grade is seen, decide on its first action, and reply; the outcome."""
        address = f"/review/{return_address.rsplit('/', 1)[1]}"
        page = self.browser.get(address)
        grade = str(page.soup.select(f"a[href*='{address}/grades/']")[0]["href"])
        told = {"grade": "good", "comment": "Seen at a visit: it is good, and not yet outstanding."}
        self.browser.send(self.browser.get(grade), **told)
        action = str(page.soup.select(f"a[href*='{address}/actions/']")[0]["href"])
        decision = "accepted" if accept else "sent_back"
        said = "" if accept else "Say what will be seen to be done."
        self.browser.send(self.browser.get(action), decision=decision, comment=said)
        return self._reply(address)

    def _reply(self, address: str) -> str:
        page = self.browser.get(f"{address}/reply")
        told = {**page.fields("form#write"), "phrase": [], "do": "save"}
        told["outcome"] = str(page.soup.select("input[name=outcome]")[0]["value"])
        told["message"] = "Thank you for the plan, which we follow."
        page = self.browser.post(f"{address}/reply", told)
        page = self.browser.send(page, selector="form#send")
        return page.banner[0]

    def ask_for_updates(self) -> str:
        page = self.browser.get(f"/cycles/{self.cycle}/updates")
        return self.browser.send(page, selector="main form[action*='/updates']").banner[0]

    def came_in(self) -> int:
        """How many updates came in, as the desk counts them."""
        page = self.browser.get(f"/cycles/{self.cycle}/updates")
        return int(re.findall(r"Came in \((\d+)\)", page.text)[0])

    def all_returns(self, cycle: int) -> str:
        """Every answer of a round as one file."""
        page = self.browser.get(f"/cycles/{cycle}/returns.csv")
        assert page.status == 200
        return page.response.get_data(as_text=True)
