"""A school with a return in progress, and the people who visit it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.making import World
from tests.pages import Visitor


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
