"""What an officer decides and confirms before a summary is published: values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass

from compact.web.problems import FieldProblem
from compact.web.texts import clean

WHY_LIMIT = 500
YES, NO = "yes", "no"
LATER, CORRECTS = "later", "corrects"  # what a number after the first is for
_WHICH = FieldProblem("kind", "Choose why there is a new number")


@dataclass(frozen=True)
class Asked:
    """What has to be confirmed: the round is not over, few returns differ from an earlier number.

    A first number takes no other's place; one that `replaces` one in force says what is different.
    """

    is_open: bool
    is_few: bool
    is_first: bool
    replaces: bool


@dataclass(frozen=True)
class Typed:
    """What stands in the form, as it was typed and ticked."""

    tell: str = ""
    open: str = ""
    kind: str = ""
    why: str = ""
    early: bool = False
    few: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is to happen: tell the sector, open it to anyone; why this number takes the place of another."""

    tell: bool
    open: bool
    corrects: bool = False
    why: str = ""


def typed_in(form: Mapping[str, str]) -> Typed:
    words = {name: form.get(name, "") for name in ("tell", "open", "kind", "why")}
    return Typed(**words, early=form.get("early") == YES, few=form.get("few") == YES)


def parse(typed: Typed, asked: Asked) -> Wanted | tuple[FieldProblem, ...]:
    """What the officer wants, or all that is still to be decided or confirmed."""
    why = clean(typed.why).strip()
    problems = [
        *([] if asked.is_first or typed.kind in (LATER, CORRECTS) else [_WHICH]),
        *(why_problems(why, "Say what is different from the last number") if asked.replaces else []),
        *(
            [FieldProblem("early", "Tick the box if you want to publish before the round is over")]
            if asked.is_open and not typed.early
            else []
        ),
        *(
            [FieldProblem("few", "Tick the box if you want to publish although so few returns differ")]
            if asked.is_few and not typed.few
            else []
        ),
    ]
    if typed.tell not in (YES, NO):
        problems.append(FieldProblem("tell", "Choose whether the sector is told by mail"))
    if typed.open not in (YES, NO):
        problems.append(FieldProblem("open", "Choose whether anyone with the link may read it"))
    if problems:
        return tuple(problems)
    corrects = not asked.is_first and typed.kind == CORRECTS
    return Wanted(typed.tell == YES, typed.open == YES, corrects, why)


def why_problems(why: str, missing: str) -> list[FieldProblem]:
    """What is wrong with a reason that readers see."""
    if not why:
        return [FieldProblem("why", missing)]
    if len(why) > WHY_LIMIT:
        text = f"What you wrote is {len(why):,} characters long; it can have {WHY_LIMIT:,}"
        return [FieldProblem("why", text)]
    return []
