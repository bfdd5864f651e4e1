"""The copy of a return drawn: as a paper and as a spreadsheet, both from the same values."""

from collections.abc import Iterator
from typing import Any

from compact.actions.rules import PARTS
from compact.documents import typeset
from compact.documents.printable import Printable, paragraphs
from compact.documents.sheets import Cell, Sheet
from compact.returns.exceptions import KeptException
from compact.web.clock import shown_day, shown_moment
from compact.web.texts import sentence_case

from .copies import CopiedAction, CopiedAnswer, ReturnCopy, grade_label
from .store import Ratified, Receipt

TEMPLATE = "sign_off/copy.typ"
OTHERS_LEFT_OUT = (
    "This body works in several areas. Where it gives one partnership another answer than the others, this "
    "copy holds only what it answers yours."
)
FINGERPRINT = "Fingerprint of what was signed (SHA-256)"
Part = dict[str, Any]


def as_pdf(copy: ReturnCopy) -> bytes:
    """Everything as a tagged PDF. A character that cannot be printed is a box, and the end says so."""
    printable = Printable()
    data = printable.data(_paper(copy))
    lost = printable.told()
    ours = {
        "unprintable": lost and f"{lost} The spreadsheet holds everything.",
        "fingerprint": copy.receipt and copy.receipt.content_hash,
    }
    return typeset.pdf(TEMPLATE, {**data, **ours})


def as_sheets(copy: ReturnCopy) -> list[Sheet]:
    """The return, its answers, its actions and its exceptions, a sheet each."""
    about = [*_about(copy), *_signed(copy.receipt)]
    if copy.receipt:
        about.append((FINGERPRINT, copy.receipt.content_hash))
    return [
        Sheet("Return", ("What", "Said"), [*about, *copy.shown_profile]),
        Sheet("Answers", ANSWERS_HEAD, (_answer_row(copy, each) for each in copy.answers)),
        Sheet("Actions", ACTIONS_HEAD, list(_action_rows(copy))),
        Sheet("Exceptions", EXCEPTIONS_HEAD, list(_exception_rows(copy))),
        Sheet("Not asked", ("What", "Because"), copy.not_asked),
    ]


ANSWERS_HEAD = (
    "Number",
    "Standard",
    "Key",
    "Indicator",
    "Grade",
    "Why it does not apply",
    "Evidence",
    "Last written by",
    "Last written",
)
IMPACT = PARTS["impact"]
IMPACT_SINCE = f"{IMPACT}, said after signing"
ACTIONS_HEAD = (
    "Number",
    "Indicator",
    "What will be done",
    "Who leads",
    "By when",
    "How far it is",
    IMPACT,
    IMPACT_SINCE,
)
EXCEPTIONS_HEAD = ("Number", "Indicator", "Partnership", "Grade", "Note")


def _answer_row(copy: ReturnCopy, each: CopiedAnswer) -> tuple[Cell, ...]:
    standard = copy.edition.standards[each.indicator.standard]
    return (
        each.number,
        f"{standard.number}. {standard.title}",
        each.indicator.key,
        each.indicator.text,
        _grade(copy, each),
        each.answer.reason if each.answer.not_applicable else "",
        each.answer.evidence,
        each.by,
        each.at,
    )


def _action_rows(copy: ReturnCopy) -> Iterator[tuple[Cell, ...]]:
    for each in copy.answers:
        for action in each.actions:
            yield (
                each.number,
                each.indicator.asked,
                action.what,
                action.lead,
                action.due,
                action.status,
                action.impact,
                action.impact_since,
            )


def _exception_rows(copy: ReturnCopy) -> Iterator[tuple[Cell, ...]]:
    scale = copy.edition.scale
    for each in copy.answers:
        for other in each.exceptions:
            label = grade_label(scale, other.grade, not_applicable=other.not_applicable)
            yield each.number, each.indicator.asked, other.partnership, label, other.note


def _paper(copy: ReturnCopy) -> Part:
    row, title = copy.row, copy.edition.common.title
    state = _state(copy)
    return {
        "title": row.organisation,
        "subtitle": f"{row.cycle}, number {row.number}: {state}",
        "publisher": title,
        "footer": f"{row.organisation}. {row.cycle_and_number}. {state}",
        "about": [[name, paragraphs(said)] for name, said in _about(copy)],
        "signed": [[name, paragraphs(said)] for name, said in _signed(copy.receipt)],
        "profile": [[question, said] for question, said in copy.shown_profile],
        "standards": list(_standards(copy)),
        "left_out": [f"{sentence_case(asked_)}, because {why}." for asked_, why in copy.not_asked],
    }


def _state(copy: ReturnCopy) -> str:
    row = copy.row
    if row.signed_at is None:
        return "a draft, not signed"
    if row.imported:
        return f"brought in from an earlier form on {shown_moment(row.signed_at)}"
    return f"signed on {shown_moment(row.signed_at)}"


def _about(copy: ReturnCopy) -> Iterator[tuple[str, str]]:
    row = copy.row
    yield "Organisation", row.organisation
    yield "Questionnaire", f"{copy.questionnaire.title}, edition {row.edition}"
    yield "Round", f"{row.cycle}, from {shown_day(row.opens)} to {shown_day(row.closes)}"
    yield "Number", f"{row.number} of this round"
    yield "State", sentence_case(_state(copy))
    if not copy.sees_all:
        yield "What is in it", OTHERS_LEFT_OUT


def _signed(receipt: Receipt | None) -> Iterator[tuple[str, str]]:
    """The sign-off; nothing where nobody has signed here."""
    if receipt is None:
        return
    yield "Receipt", receipt.receipt
    yield "Signed for", receipt.organisation_name
    yield "Signed by", f"{receipt.person_name}, {receipt.job_title}{_capacity(receipt)}"
    yield "When", shown_moment(receipt.signed_at)
    if receipt.ratified:
        yield "Ratified by the governing body", _ratified(receipt.ratified)
    yield "What was confirmed", receipt.statement


def _capacity(receipt: Receipt) -> str:
    if receipt.authority is None:
        return ""
    of = receipt.authority.of
    return f", on behalf of {of.name}, {of.job_title}" if of else ", in their own right"


def _ratified(ratified: Ratified) -> str:
    """The day, and how it is known."""
    if ratified.noted_at is None:
        return f"{shown_day(ratified.on)}, as it was signed"
    return f"{shown_day(ratified.on)}, as {ratified.noted_by} noted on {shown_moment(ratified.noted_at)}"


def _standards(copy: ReturnCopy) -> Iterator[Part]:
    for number, standard in copy.edition.standards.items():
        own = [each for each in copy.answers if each.indicator.standard == number]
        notes = [f"Not asked. {each.why}" for each in copy.questionnaire.not_asked if each.standard == number]
        if own or notes:
            yield {
                "heading": f"Standard {number}: {standard.title}",
                "notes": notes,
                "answers": [_answer(copy, each) for each in own],
            }


def _answer(copy: ReturnCopy, each: CopiedAnswer) -> Part:
    parts = []
    if each.answer.not_applicable:
        parts.append(_part("Why it does not apply", paragraphs(each.answer.reason)))
    if each.answer.evidence:
        parts.append(_part("Evidence", paragraphs(each.answer.evidence)))
    if each.exceptions:
        parts.append(
            _part("For one partnership", [_exception(copy, one) for one in each.exceptions], listed=True)
        )
    if each.actions:
        parts.append(_part("Actions", [_action(one) for one in each.actions], listed=True))
    return {
        "heading": f"{each.number}  {sentence_case(each.indicator.asked)}",
        "text": each.indicator.text,
        "grade": _grade(copy, each),
        "parts": parts,
        "written": _written(each),
    }


def _part(label: str, texts: list[str], *, listed: bool = False) -> Part:
    return {"label": label, "texts": texts, "listed": listed}


def _grade(copy: ReturnCopy, each: CopiedAnswer) -> str:
    return grade_label(copy.edition.scale, each.answer.grade, not_applicable=each.answer.not_applicable)


def _exception(copy: ReturnCopy, other: KeptException) -> str:
    label = grade_label(copy.edition.scale, other.grade, not_applicable=other.not_applicable)
    return f"{other.partnership}: {label}. {other.note}"


def _action(action: CopiedAction) -> str:
    said = [action.what, f"{action.lead}, by {shown_day(action.due)}. {action.status}."]
    for label, impact in ((IMPACT, action.impact), (IMPACT_SINCE, action.impact_since)):
        if impact:
            said.append(f"{label}: {impact}")
    return "\n".join(said)


def _written(each: CopiedAnswer) -> str | None:
    if each.at is None:
        return None
    return f"Last written{f' by {each.by}' if each.by else ''} on {shown_moment(each.at)}"
