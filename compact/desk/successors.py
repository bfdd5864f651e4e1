"""Who answers in a round for a school that became another one meanwhile, on values alone.

Of a school and its successor one is due (see docs/decisions/0022).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from compact.organisations.lines import Pairs, is_one_to_one


@dataclass(frozen=True)
class InRound:
    """Organisations by their ids: who is due, has signed, has begun or signed, and could be asked."""

    due: frozenset[int]
    signed: frozenset[int]
    begun: frozenset[int]
    askable: frozenset[int]


@dataclass(frozen=True)
class Changes:
    """What changes in who is due.

    `passed`: by the old one, who takes its place with all that belongs to it. `drafts`: the same of a draft
    alone, where the successor is due already. `added`: new in the round; `gone`: due no more.
    """

    passed: Mapping[int, int] = field(default_factory=dict)
    drafts: Mapping[int, int] = field(default_factory=dict)
    added: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()


def changes_of(pairs: Pairs, round_: InRound) -> Changes:
    """Who takes whose place. `pairs` are the successions in force, kept whole.

    What was signed keeps its place until its successor has signed too. A school that merged or was split
    hands its place on to nobody: those that it became are asked anew, each once.
    """
    passed: dict[int, int] = {}
    drafts: dict[int, int] = {}
    added, gone = set[int](), set[int]()
    for new in sorted({new for old, new in pairs if old in round_.due}):
        olds = {old for old, each in pairs if each == new} & round_.due
        unsigned = olds - round_.signed
        if new in round_.signed:
            gone |= olds
        elif unsigned and new in round_.due:
            gone |= unsigned
            if new not in round_.begun:
                drafts |= {old: new for old in unsigned & round_.begun if is_one_to_one(pairs, old, new)}
        elif unsigned and new in round_.askable:
            alone = next(iter(unsigned)) if len(unsigned) == 1 else None
            if alone is not None and alone not in passed and is_one_to_one(pairs, alone, new):
                passed[alone] = new
            elif not unsigned & passed.keys():
                added.add(new)
                gone |= unsigned
        elif not unsigned and new in round_.due and new not in round_.begun:
            gone.add(new)
    return Changes(passed, drafts, frozenset(added), frozenset(gone))
