"""The partnership's annual statement of a round: published values in, sentences and tables out.

It leaves the desk, so it speaks of what the summaries in force show and of nothing else. Beside these stand
how many were due and have signed, and how many plans were made about questions that are shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compact.analysis.rules import is_flagged, share
from compact.documents.sheets import Cell, Sheet
from compact.web.texts import mid_sentence, sentence_case

from .statement_words import SMALL, Kept, count, figures, kept, listed, of_them, percent
from .summary import Earlier, StandardRow, Summary, ThenRow

HIDDEN = "not shown"
NOT_PUBLISHED = "no summary published yet"
STANDARD_HEAD = (
    "Sector",
    "Standard",
    "Title",
    "Requires improvement",
    "Of those who graded it",
    "Percent",
    "Significant",
    "One alone would be enough",
    "Questions not shown",
)
CHANGE_HEAD = (
    "Sector",
    "Round",
    "Standard",
    "Title",
    "Then",
    "Of those who graded it then",
    "Percent then",
    "Now",
    "Of those who graded it now",
    "Percent now",
    "Found hard by",
)


@dataclass(frozen=True)
class SectorStands:
    """A sector of a round: how many are due and have signed, and its summary in force, if there is one."""

    title: str
    due: int
    received: int
    summary: Summary | None = None


@dataclass(frozen=True)
class PlansStand:
    """Organisations with actions planned in the round about questions that are shown; of these, those whose
    plan was replied to, accepted with nothing sent back, asked about six months on, and written of since."""

    planned: int = 0
    replied: int = 0
    accepted: int = 0
    asked: int = 0
    written: int = 0


@dataclass(frozen=True)
class Statement:
    """What a partnership's annual report can say of a round; `text` is all its paragraphs."""

    paragraphs: tuple[str, ...]
    tables: tuple[Sheet, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def state(cycle: str, partnership: str, sectors: Sequence[SectorStands], plans: PlansStand) -> Statement:
    """The statement of a round; the sectors in their order."""
    published = [each.summary for each in sectors if each.summary]
    paragraphs = (
        _answered(cycle, partnership, sectors),
        " ".join(_found(published, [each.title for each in sectors if not each.summary])),
        " ".join(_changed(published)),
        _planned(plans) if published else "",
        _method(published) if published else "",
    )
    tables = (_organisations(sectors), _standards(published), _changes(published), _plans(plans))
    return Statement(
        tuple(each for each in paragraphs if each), tuple(each for each in tables if list(each.rows))
    )


def _answered(cycle: str, partnership: str, sectors: Sequence[SectorStands]) -> str:
    due, received = sum(each.due for each in sectors), sum(each.received for each in sectors)
    types = listed([f"{mid_sentence(each.title)} ({each.due:,})" for each in sectors if each.due])
    if not due:
        return f"For {cycle}, no organisation of {partnership} is due to answer."
    organisations = "organisation" if due == 1 else "organisations"
    signed = "has signed a return" if received == 1 else "have signed a return"
    answered = (
        f"{sentence_case(count(received))} of them ({percent(received, due)}) {signed}."
        if received
        else "None of them has signed a return yet."
    )
    imported = sum(each.summary.imported for each in sectors if each.summary)
    return (
        f"For {cycle}, {partnership} asked {count(due)} {organisations} to assess how they keep children "
        f"safe: {types}. {answered}"
        + (f" {sentence_case(count(imported))} of these came from earlier forms." if imported else "")
    )


def _found(published: Sequence[Summary], unpublished: Sequence[str]) -> Iterator[str]:
    """Each sector with a significant share by itself, the others together."""
    for summary in published:
        if any(each.flagged for each in summary.standards):
            yield _stood_out(summary)
    quiet = [each for each in published if not any(row.flagged for row in each.standards)]
    seen = [mid_sentence(each.sector_title) for each in quiet if each.shown_by_share]
    if seen:
        yield f"No single standard had a significant share for {listed(seen, 'or')}."
    if unseen := [mid_sentence(each.sector_title) for each in quiet if not each.shown_by_share]:
        yield f"Too few {listed(unseen)} graded any standard for its figures to be shown."
    for summary in published:
        hidden = [str(each.number) for each in summary.standards if each.indicators and not each.counts]
        if hidden and summary.shown_by_share:
            many = f"Standards {listed(hidden)} are" if len(hidden) > 1 else f"Standard {hidden[0]} is"
            yield f"{many} not shown for {mid_sentence(summary.sector_title)}, because too few graded it."
    if unpublished:
        yield f"For {listed([mid_sentence(each) for each in unpublished])} there is {NOT_PUBLISHED}."


def _stood_out(summary: Summary) -> str:
    flagged = [each for each in summary.shown_by_share if each.flagged]
    sector = mid_sentence(summary.sector_title)
    if len(flagged) == 1:
        return (
            f"For {sector}, {_named(flagged[0])}, was the only one with a significant share: "
            f"{_share_of(flagged[0], summary)} said that practice could be improved.{_alone(flagged)}"
        )
    each = listed([f"{_named(row)}, with {_share_of(row, summary)}" for row in flagged], between="; ")
    return (
        f"For {sector}, {count(len(flagged))} standards had a significant share of organisations that said "
        f"that practice could be improved: {each}.{_alone(flagged)}"
    )


def _named(row: StandardRow) -> str:
    return f"standard {row.number}, {mid_sentence(row.title)}"


def _share_of(row: StandardRow, summary: Summary) -> str:
    counts = row.counts
    return figures(counts.weak, counts.graded, summary.threshold) if counts else HIDDEN


def _alone(flagged: Sequence[StandardRow]) -> str:
    alone = [str(each.number) for each in flagged if each.counts and each.counts.one_alone_flags]
    if not alone:
        return ""
    which = f"standards {listed(alone)}" if len(alone) > 1 else f"standard {alone[0]}"
    return f" So few graded {which} that one organisation alone would have been enough."


def _changed(published: Sequence[Summary]) -> Iterator[str]:
    """Each sector beside the newest round before in which any standard can be compared."""
    if published and not any(each.earlier for each in published):
        yield "There are no earlier figures to compare these with."
    for summary in published:
        before = next((each for each in summary.earlier if each.standards), None)
        if before:
            yield from _since(summary, before)
        elif summary.earlier:
            sector = mid_sentence(summary.sector_title)
            yield f"For {sector} no standard can be compared with an earlier round."


def _since(summary: Summary, before: Earlier) -> Iterator[str]:
    """How many shares moved, and each standard that is significant now or was then."""
    come = ", whose figures came from earlier forms" if before.brought_in else ""
    yield _beside(summary, [_moved(each) for each in before.standards], before.cycle + come)
    titles, mark = {str(each.number): each for each in summary.standards}, summary.threshold
    for each in before.standards:
        then, now = (each.weak_then, each.graded_then), (each.weak_now, each.graded_now)
        if is_flagged(*then, mark) or is_flagged(*now, mark):
            named = sentence_case(_named(titles[each.key]))
            yield f"{named}, went from {figures(*then, mark)} to {figures(*now, mark)}."


def _beside(summary: Summary, moved: Sequence[str], round_before: str) -> str:
    compared = f"of {mid_sentence(summary.sector_title)} that can be compared with {round_before}"
    if len(moved) == 1:
        return f"In the one standard {compared}, the share is {moved[0]}."
    parts = [
        f"{word} in {count(moved.count(word))}" for word in ("smaller", "larger", "the same") if word in moved
    ]
    return f"Of the {count(len(moved))} standards {compared}, the share is {listed(parts)}."


def _moved(row: ThenRow) -> str:
    """Compared exactly: a share is a fraction, and none is rounded before."""
    rise = row.weak_now * row.graded_then - row.weak_then * row.graded_now
    return "larger" if rise > 0 else "smaller" if rise < 0 else "the same"


def _planned(plans: PlansStand) -> str:
    planned, replied, accepted, asked, written = (cell for _, cell in _kept(plans))
    if not plans.planned:
        return "No organisation has planned an action about a question that is shown here."
    organisations = sentence_case(
        f"{count(planned) if isinstance(planned, int) else planned.value} organisations"
    )
    whole = plans.planned
    followed = (
        f"Six months on, {of_them(asked, whole)} were asked how their plan is going, and "
        f"{of_them(written, plans.asked)} have written since."
        if plans.asked
        else "None of them has been asked yet how the plan is going six months on."
    )
    return (
        f"{organisations} planned what they will do about questions that are shown here. The partnership has "
        f"replied to {of_them(replied, whole)}, and accepted the plans of {of_them(accepted, whole)} without "
        f"sending anything back. {followed}"
    )


def _kept(plans: PlansStand) -> Iterator[tuple[str, Kept]]:
    """What may be said of the plans: a count that is small, or short of a whole by few, is in words."""
    planned, replied, asked = plans.planned, plans.replied, plans.asked
    yield "Planned actions about questions that are shown", kept(planned)
    yield "Had a reply to their plan", kept(replied, planned)
    yield "Had it accepted with nothing sent back", kept(plans.accepted, planned, replied)
    yield "Were asked six months on", kept(asked, planned)
    yield "Have written since", kept(plans.written, planned, asked)


def _method(published: Sequence[Summary]) -> str:
    marks = listed([f"{each}%" for each in sorted({summary.threshold for summary in published})], "or")
    return (
        "Organisations assess themselves. A share is called significant when more than "
        f"{marks} of those who graded anything in a standard said that practice in some part of it requires "
        f"improvement. Questions graded by fewer than {count(SMALL)} are not shown, and are in no figure."
    )


def _organisations(sectors: Sequence[SectorStands]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            each.title,
            each.due,
            each.received,
            share(each.received, each.due),
            "published" if each.summary else NOT_PUBLISHED,
        )
        for each in sectors
    ]
    due, received = sum(each.due for each in sectors), sum(each.received for each in sectors)
    rows.append(("All", due, received, share(received, due), ""))
    return Sheet("Organisations", ("Sector", "Asked", "Signed", "Percent", "Learning summary"), rows)


def _standards(published: Sequence[Summary]) -> Sheet:
    """The standards that were asked: in each sector the highest share first, then those that are hidden."""
    rows: list[tuple[Cell, ...]] = []
    for summary in published:
        hidden = [each for each in summary.standards if each.indicators and not each.counts]
        listing = (*summary.shown_by_share, *hidden)
        rows += [(summary.sector_title, each.number, each.title, *_cells(each)) for each in listing]
    return Sheet("Standards", STANDARD_HEAD, rows)


def _cells(row: StandardRow) -> tuple[Cell, ...]:
    counts = row.counts
    if counts is None:
        return (*[HIDDEN] * 5, row.hidden)
    flags = ("yes" if row.flagged else "no", "yes" if counts.one_alone_flags else "no")
    return (counts.weak, counts.graded, Decimal(counts.share), *flags, row.hidden)


def _changes(published: Sequence[Summary]) -> Sheet:
    """Every standard that can be compared, with each round that it can be compared with."""
    rows: list[tuple[Cell, ...]] = []
    for summary in published:
        titles = {str(each.number): each.title for each in summary.standards}
        for earlier in summary.earlier:
            for each in earlier.standards:
                then = (each.weak_then, each.graded_then, share(each.weak_then, each.graded_then))
                now = (each.weak_now, each.graded_now, share(each.weak_now, each.graded_now))
                words = {"larger": "more", "smaller": "fewer"}.get(_moved(each), "the same")
                place = (summary.sector_title, earlier.cycle, int(each.key), titles[each.key])
                rows.append((*place, *then, *now, words))
    return Sheet("Change", CHANGE_HEAD, rows)


def _plans(plans: PlansStand) -> Sheet:
    rows = [(what, cell if isinstance(cell, int) else cell.value) for what, cell in _kept(plans)]
    return Sheet("Plans", ("What", "Organisations"), rows if plans.planned else [])
