"""The rules of a partnership's settings: what officers may type there, and what of it the trail tells."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields

from compact.web.problems import FieldProblem
from compact.web.texts import clean

from .rules import LONGEST_NAME, is_email, one_line

USUAL_THRESHOLD = 9
"""Percent: what a new round flags above where its partnership has not said otherwise."""
LONGEST_PHONE = 50
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Settings:
    """What a partnership has said of itself. `threshold` is in whole percent, offered for a new round."""

    name: str
    contact_name: str
    contact_email: str
    contact_phone: str
    threshold: int
    two_people_sign: bool


@dataclass(frozen=True)
class TypedSettings:
    """The same as somebody typed it; `two_people_sign` is yes, no or nothing."""

    name: str
    contact_name: str
    contact_email: str
    contact_phone: str
    threshold: str
    two_people_sign: str


FIELDS = tuple(each.name for each in fields(Settings))
# What changes what is decided or signed stands in the trail with its value. Whom to ask may be a person, and
# the trail is for ever: of a contact it only tells that it changed.
TOLD = ("name", "threshold", "two_people_sign")


def as_typed(settings: Settings) -> TypedSettings:
    """The settings as a page shows them to be changed."""
    texts = {**asdict(settings), "threshold": str(settings.threshold)}
    return TypedSettings(**{**texts, "two_people_sign": YES if settings.two_people_sign else NO})


def parse_settings(typed: TypedSettings, others: Collection[str]) -> Settings | tuple[FieldProblem, ...]:
    """The settings that were typed, or all that is wrong with them. `others` are others' names."""
    name, contact_name, email, phone = (
        one_line(clean(text))
        for text in (typed.name, typed.contact_name, typed.contact_email, typed.contact_phone)
    )
    threshold = typed.threshold.strip().removesuffix("%").strip()
    problems = [
        *_wrong_name(name, others),
        *_too_long("contact_name", contact_name, LONGEST_NAME),
        *_wrong_contact(email, phone),
    ]
    if not (threshold.isascii() and threshold.isdigit() and len(threshold) <= 2):
        problems.append(FieldProblem("threshold", "Enter a whole number of percent from 0 to 99"))
    if typed.two_people_sign not in (YES, NO):
        message = "Choose whether whoever wrote an answer may also sign"
        problems.append(FieldProblem("two_people_sign", message))
    if problems:
        return tuple(problems)
    return Settings(name, contact_name, email, phone, int(threshold), typed.two_people_sign == YES)


def _wrong_name(name: str, others: Collection[str]) -> list[FieldProblem]:
    if not name:
        return [FieldProblem("name", "Enter the name of the partnership")]
    same = next((other for other in others if other.casefold() == name.casefold()), None)
    if same:
        return [FieldProblem("name", f"There is a partnership named {same} already")]
    return _too_long("name", name, LONGEST_NAME)


def _wrong_contact(email: str, phone: str) -> list[FieldProblem]:
    """A head who is stuck needs one way at least to ask somebody."""
    if not (email or phone):
        message = "Enter an e-mail address or a telephone number that heads can turn to"
        return [FieldProblem("contact_email", message)]
    problems = []
    if email and not is_email(email):
        message = "Enter an e-mail address in the right form, such as name@example.org"
        problems.append(FieldProblem("contact_email", message))
    if phone and sum(each.isdigit() for each in phone) < 5:
        problems.append(FieldProblem("contact_phone", "Enter a telephone number, such as 023 9284 1234"))
    return problems + _too_long("contact_phone", phone, LONGEST_PHONE)


def _too_long(field: str, text: str, longest: int) -> list[FieldProblem]:
    if len(text) <= longest:
        return []
    return [FieldProblem(field, f"It is {len(text):,} characters long; it can have {longest:,}")]


def changed_fields(before: Settings, after: Settings) -> tuple[str, ...]:
    return tuple(each for each in FIELDS if getattr(before, each) != getattr(after, each))


def told(before: Settings, after: Settings) -> dict[str, str | int]:
    """What the trail tells of a change: which settings, and the new value of what decides something."""
    changed, words = changed_fields(before, after), as_typed(after)
    new: dict[str, str | int] = {each: getattr(words, each) for each in changed if each in TOLD}
    if "threshold" in new:
        new["threshold"] = after.threshold
    return {"changed": " ".join(changed), **new}


def clashes(typed: TypedSettings, kept: Settings) -> tuple[FieldProblem, ...]:
    """Where somebody else saved something other than what was typed, each with what is kept now."""
    now_kept = as_typed(kept)
    return tuple(
        FieldProblem(
            each,
            f"Somebody else saved meanwhile: “{getattr(now_kept, each) or 'nothing'}”. "
            "Save again to replace it with yours",
        )
        for each in FIELDS
        if one_line(getattr(typed, each)) != getattr(now_kept, each)
    )
