"""What those who sign for an organisation do, page by page, each at a browser of their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from compact.questionnaire.values import Edition, Indicator
from compact.returns.rules import asked
from tests.driven.browser import Hurried
from tests.driven.ledger import Ledger
from tests.driven.made_up import WEAK, Answered, Organisation
from tests.driven.serving import Service

PASSWORD = "kettle heron umbrella nine"
DUE = "31 3 2027"
HALF = 8  # standards of twelve: more than half of every questionnaire


@dataclass
class Head:
    """Somebody who signs. `address` is that of their return, once it is begun."""

    organisation: Organisation
    browser: Hurried
    edition: Edition
    ledger: Ledger
    address: str = ""
    place: str = ""
    facts: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation: Organisation, service: Service, edition: Edition, ledger: Ledger) -> "Head":
        browser = Hurried(service.port, organisation.address, organisation.email)
        return cls(organisation, browser, edition, ledger)

    def accept(self, invitation: str) -> None:
        """Follow the link of the mail, and choose a password."""
        told = {"name": f"Head {self.organisation.number}", "job_title": "Headteacher", "password": PASSWORD}
        assert self.browser.fill(invitation, **told) == "/", f"{self.organisation.name} is not let in"

    def enter(self, then: str = "/") -> str:
        """Sign in, on the way to a page; its address."""
        way = f"/sign-in?next={quote(then)}"
        arrived = self.browser.fill(way, email=self.browser.email, password=PASSWORD)
        assert arrived == then, f"{self.browser.email} was led to {arrived!r}"
        return arrived

    def begin(self, link: str) -> None:
        """Follow the link of the launch mail, sign in, begin, and answer the profile."""
        start = self.enter(link)
        self.address, self.place = self.browser.fill(start), link
        assert re.fullmatch(r"/returns/\d+", self.address), f"{link}: no return but {self.address!r}"
        questionnaire = self.edition.questionnaires[self.organisation.setting]
        self.facts = self.organisation.facts(questionnaire)
        said = {fact: "yes" if answer else "no" for fact, answer in self.facts.items()}
        assert self.browser.fill(f"{self.address}/profile", **said) == self.address

    def answer(self, standards: range = range(1, 13)) -> None:
        """Answer what is asked, a standard at a time; what the server took is in the ledger."""
        questionnaire = self.edition.questionnaires[self.organisation.setting]
        for number in standards:
            here = asked(questionnaire.by_standard.get(number, ()), self.facts)
            if here:
                self._answer(number, here)

    def _answer(self, number: int, indicators: tuple[Indicator, ...]) -> None:
        given = {each.key: self.organisation.answer(each) for each in indicators}
        reply = self.browser.fill(f"{self.address}/standards/{number}", **_typed(given), then="continue")
        weak = any(each.choice in WEAK for each in given.values())
        assert reply == (f"{self.address}/actions" if weak else self.address), f"not saved: {reply!r}"
        self.ledger.kept(self.organisation, given)

    def plan(self) -> None:
        """An action for each weak grade."""
        for key in self.ledger.weak_of(self.organisation):
            self._act(key)

    def _act(self, key: str) -> None:
        told = {"what": f"Look at {key} anew", "lead": "Deputy head", "due": DUE, "status": "not_started"}
        new = f"{self.address}/actions/new/{key}"
        assert self.browser.fill(new, f"{self.address}/actions", **told) == f"{self.address}/actions"

    def differ(self, partnership: str) -> None:
        """Note that something is weak for one partnership alone, and plan what is done."""
        page = self.browser.get(f"{self.address}/exceptions")
        heading = next(each for each in page.soup.select("h2") if partnership in each.get_text())
        link = heading.find_next("a", href=re.compile(r"/exceptions/\d+$"))
        assert link is not None
        given = self.ledger.answers_of(self.organisation)
        key = next(key for key, each in given.items() if each.choice not in WEAK)
        told = {"grade": "requires_improvement", "note": "The service there began this year."}
        assert self.browser.fill(f"{link['href']}/{key}", **told), "the exception is not kept"
        self.ledger.exceptions[self.organisation.key, partnership, key] = "requires_improvement"
        self._act(key)

    def sign(self) -> None:
        """Read it once more, and sign; the receipt says so."""
        check = self.browser.get(f"{self.address}/check")
        assert check.status == 200
        told = {"authority": "own", "confirm": "yes", "password": PASSWORD}
        receipt = self.browser.fill(f"{self.address}/sign-off", **told)
        assert receipt == f"{self.address}/receipt", f"{self.organisation.name} could not sign"
        assert "SC-" in self.browser.get(receipt).html
        self.ledger.has_signed(self.organisation, self.browser.email)

    def _actions(self) -> list[str]:
        """The pages of the actions of the whole plan."""
        plan = re.sub(r"/cycles/\d+(/organisations/\d+)/start", r"\1/actions", self.place)
        if self.browser.get(plan).address != plan:
            self.enter(plan)
        return sorted(set(re.findall(rf"{plan}/\d+", self.browser.get(plan).html)))

    def reads_reply(self) -> str:
        """What stands on the pages of the actions after the partnership's reply."""
        return "".join(self.browser.get(each).html for each in self._actions())

    def say_how_it_goes(self) -> None:
        """Write a note beside each action of the plan."""
        for each in self._actions():
            told = {"note": "It is half done.", "status": "under_way", "impact": ""}
            assert self.browser.fill(each, **told) == each

    def sees_what_was_kept(self) -> bool:
        """Whether each acknowledged answer stands in its box when the page is opened again."""
        shown = "".join(
            self.browser.get(f"{self.address}/standards/{number}").html for number in range(1, HALF + 1)
        )
        return all(each.evidence in shown for each in self.ledger.answers_of(self.organisation).values())


def _typed(given: Mapping[str, Answered]) -> dict[str, str]:
    """A standard's page as it is filled in."""
    typed: dict[str, str] = {}
    for key, each in given.items():
        typed |= {f"{key}-grade": each.choice, f"{key}-evidence": each.evidence, f"{key}-reason": each.reason}
    return typed
