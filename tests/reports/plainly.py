"""What may be published of a round, counted in plain Python from what its bodies answered.

Written from the rules alone (docs/decisions/0024), without a word of the application's counting.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .rounds import FAR, GRADES, KEYS, NEAR, PHASES, STANDARD, WEAK, Body, Grades

SMALL = 5
MARK = Fraction(9, 100)
WITHHELD = "*phases"
Figures = tuple[int, int]  # weak, of graded


@dataclass(frozen=True)
class Plain:
    """A sector as one partnership may show it. What is not in `rows` or `standards` is hidden."""

    due: int
    received: int
    imported: int
    rows: Mapping[str, Mapping[str, int]]
    standards: Mapping[int, Figures]
    phases: Mapping[str, Mapping[int, Figures]]
    hidden: frozenset[str]

    def figures(self, key: str) -> Figures:
        return of_grades(self.rows[key])


def of_grades(grades: Mapping[str, int]) -> Figures:
    return sum(grades[each] for each in WEAK), sum(grades.values())


def stands_out(figures: Figures) -> bool:
    weak, graded = figures
    return graded > 0 and Fraction(weak, graded) > MARK


def percent(figures: Figures) -> str:
    """Two decimals, half up, in integers alone."""
    weak, graded = figures
    hundredths = (20_000 * weak + graded) // (2 * graded)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def counted(bodies: Sequence[Body], sector: str, area: str | None) -> list[tuple[Body, Grades]]:
    """The bodies that count for an area (None: for the round) with the grades that do."""
    found = []
    for place, body in enumerate(bodies):
        if body.setting != sector or not body.signed or _gave_way(bodies, place):
            continue
        if area is None:
            found.append((body, body.signed[-1]))
        elif area in body.areas:
            found.append((body, {**body.signed[-1], **body.exceptions.get(area, {})}))
    return found


def _gave_way(bodies: Sequence[Body], place: int) -> bool:
    after = bodies[place + 1] if place + 1 < len(bodies) else None
    return after is not None and after.succeeds and bool(after.signed)


def figures_at_the_desk(
    bodies: Sequence[Body], sector: str, area: str | None, keys: Collection[str]
) -> Figures:
    """Organisations that graded any of the keys, and those that graded any weak."""
    return _total([grades for _, grades in counted(bodies, sector, area)], keys)


def _total(given: Sequence[Grades], keys: Collection[str]) -> Figures:
    graded = [[grades[key] for key in keys if grades.get(key)] for grades in given]
    return sum(any(each in WEAK for each in own) for own in graded), sum(bool(own) for own in graded)


def published(bodies: Sequence[Body], sector: str, area: str, before: Collection[str] = ()) -> Plain:
    """What one partnership publishes, `before` having been hidden in the round already."""
    hidden = _hidden(bodies, sector, area) | (set(before) & set(KEYS))
    shown = [key for key in KEYS if key not in hidden]
    own = counted(bodies, sector, area)
    rows = {
        key: {grade: sum(given.get(key) == grade for _, given in own) for grade in GRADES} for key in shown
    }
    by_standard = {
        number: [key for key in shown if STANDARD[key] == number]
        for number in {STANDARD[key] for key in shown}
    }
    phases = {} if WITHHELD in before else _phases(own, shown, by_standard)
    several = len({body.phase for body, given in own if any(key in given for key in shown)}) > 1
    asked = [
        body
        for place, body in enumerate(bodies)
        if body.setting == sector and area in body.areas and not _gave_way(bodies, place)
    ]
    return Plain(
        due=len(asked),
        received=sum(bool(body.signed) for body in asked),
        imported=sum(bool(body.signed) and body.imported for body in asked),
        rows=rows,
        standards={number: _total([given for _, given in own], keys) for number, keys in by_standard.items()},
        phases=phases,
        hidden=frozenset(hidden | ({WITHHELD} if several and not phases else set())),
    )


def _hidden(bodies: Sequence[Body], sector: str, area: str) -> set[str]:
    """Too few in the view of any partnership in which somebody signed, and always in one's own."""
    hidden = set()
    for view in (NEAR, FAR):
        given = [grades for _, grades in counted(bodies, sector, view)]
        if view != area and not given:
            continue
        hidden |= {key for key in KEYS if sum(bool(grades.get(key)) for grades in given) < SMALL}
    return hidden


def _phases(
    own: Sequence[tuple[Body, Grades]], shown: Sequence[str], standards: Mapping[int, Sequence[str]]
) -> dict[str, dict[int, Figures]]:
    """Whole, or not at all."""
    seen = [(body, given) for body, given in own if any(key in given for key in shown)]
    if {body.phase for body, _ in seen} != set(PHASES):
        return {}
    table = {
        phase: {
            number: _total([given for body, given in seen if body.phase == phase], keys)
            for number, keys in standards.items()
        }
        for phase in PHASES
    }
    too_small = any(graded < SMALL for row in table.values() for _, graded in row.values())
    return {} if too_small else table


def compared(
    now: Plain, then: Plain
) -> tuple[dict[str, tuple[Figures, Figures]], dict[str, tuple[Figures, Figures]]]:
    """Questions and standards of two rounds beside each other, then and now."""
    keys = {key: (then.figures(key), now.figures(key)) for key in now.rows if key in then.rows}
    standards = {
        str(number): (then.standards[number], figures)
        for number, figures in now.standards.items()
        if number in then.standards and _keys_of(now, number) == _keys_of(then, number)
    }
    return keys, standards


def _keys_of(plain: Plain, number: int) -> set[str]:
    return {key for key in plain.rows if STANDARD[key] == number}
