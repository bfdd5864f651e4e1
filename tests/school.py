"""A school with a return in progress, and the people who visit it."""

from collections.abc import Callable
from dataclasses import dataclass

from compact.returns.rules import Answer
from tests.making import ASKED_SCHOOL_KEYS, SIGNATURE, World
from tests.pages import Page, Visitor


@dataclass(frozen=True)
class School:
    """A school with a return in progress."""

    world: World
    cycle: int
    organisation: int
    return_id: int
    visit: Callable[[str], Visitor]

    def head(self) -> Visitor:
        return self.visit("head@example.org")

    def deputy(self) -> Visitor:
        return self.visit("deputy@example.org")

    def officer(self) -> Visitor:
        return self.visit("officer@example.org")

    def address(self, rest: str = "") -> str:
        return f"/returns/{self.return_id}{rest}"

    def answer_all(self, **grades: str) -> None:
        """Answer everything with "good", but for the grades given; names are written with _ for -."""
        answers = {key: Answer(grades.get(key.replace("-", "_"), "good")) for key in ASKED_SCHOOL_KEYS}
        self.world.answer(self.return_id, answers)

    def sign(self, **changes: str) -> Page:
        """What the head sees after signing, in their own right unless the changes say otherwise."""
        head = self.head()
        return head.send(head.get(self.address("/sign-off")), **{**SIGNATURE, **changes})
