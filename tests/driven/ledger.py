"""What the driver of a campaign knows by itself, and works out anew: answers, signatures, mails, shares."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from threading import Lock

from compact.questionnaire.values import Edition
from tests.driven.made_up import WEAK, Answered, Organisation
from tests.mail.server import Post

# The kinds of mail, by what is in their subject alone.
SUBJECTS: Mapping[str, str] = {
    "invitation": r"Your invitation to the Safeguarding and Early Help Compact: ",
    "launch": r".* is open: the self-assessment of ",
    "reminder": r"To be signed until .*: the self-assessment of ",
    "late": r"The last day has passed: the self-assessment of ",
    "chased": r"The self-assessment of .* is half done$",
    "more time": r".* has more time for its self-assessment$",
    "receipt": r"Receipt SC-\d+: the return of ",
    "reply": r".* has replied to the return of ",
    "update": r"How is the plan of .* going\?$",
}

Mails = Counter[tuple[str, str]]  # who, and the kind


@dataclass
class Ledger:
    """What the server said that it kept, and which mails that should have made."""

    answers: dict[tuple[str, str], Answered] = field(default_factory=dict)
    signed: dict[str, Organisation] = field(default_factory=dict)
    exceptions: dict[tuple[str, str, str], str] = field(
        default_factory=dict
    )  # organisation, partnership, key
    mails: Mails = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def kept(self, organisation: Organisation, answers: Mapping[str, Answered]) -> None:
        with self._lock:
            self.answers.update({(organisation.key, key): given for key, given in answers.items()})

    def has_signed(self, organisation: Organisation, email: str) -> None:
        with self._lock:
            self.signed[organisation.key] = organisation
            self.mails[email, "receipt"] += 1

    def mailed(self, kind: str, recipients: Iterable[str]) -> None:
        self.mails.update((each, kind) for each in recipients)

    def answers_of(self, organisation: Organisation) -> dict[str, Answered]:
        with self._lock:
            return {key: each for (place, key), each in self.answers.items() if place == organisation.key}

    def weak_of(self, organisation: Organisation) -> list[str]:
        return [key for key, each in self.answers_of(organisation).items() if each.choice in WEAK]

    def found(
        self, edition: Edition, setting: str, *, by: str, threshold: int, partnership: str = ""
    ) -> list[tuple[str, ...]]:
        """The rows that `compact analyse` should print of a sector, worked out from what was acknowledged."""
        questionnaire, of_sector = edition.questionnaires[setting], self._choices(setting, partnership)
        rows: list[tuple[str, ...]] = []
        if by == "indicator":
            for each in questionnaire.indicators:
                given = [choices[each.key] for choices in of_sector if each.key in choices]
                marks = [choice in WEAK for choice in given if choice != "not_applicable"]
                title = (setting, str(each.standard), each.key, each.asked)
                rows.append((*title, *_counted(marks, threshold)))
            return rows
        for number, indicators in sorted(questionnaire.by_standard.items()):
            keys, marks = {each.key for each in indicators}, []
            for choices in of_sector:
                here = [each for key, each in choices.items() if key in keys and each != "not_applicable"]
                marks += [any(each in WEAK for each in here)] if here else []
            title = (setting, str(number), "", edition.standards[number].title)
            rows.append((*title, *_counted(marks, threshold)))
        return rows

    def _choices(self, setting: str, partnership: str) -> list[dict[str, str]]:
        """The choices of each organisation that signed, by key, as a partnership sees them."""
        signed = {key for key, each in self.signed.items() if each.setting == setting}
        found: dict[str, dict[str, str]] = {key: {} for key in signed}
        for (organisation, key), given in self.answers.items():
            if organisation in signed:
                found[organisation][key] = given.choice
        for (organisation, where, key), choice in self.exceptions.items():
            if organisation in signed and where == partnership:
                found[organisation][key] = choice
        return list(found.values())


def _counted(marks: Collection[bool], threshold: int) -> tuple[str, str, str, str]:
    """Graded, weak, share and flag, as they are printed."""
    graded, weak = len(marks), sum(marks)
    flagged = graded > 0 and Fraction(weak, graded) > Fraction(threshold, 100)
    return str(graded), str(weak), percent(weak, graded), "yes" if flagged else "no"


def percent(part: int, whole: int) -> str:
    """With two decimals, half up; nothing of nothing."""
    if not whole:
        return ""
    hundredths = (2 * part * 10_000 + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def arrived(post: Post) -> Mails:
    """Every mail that the server took, each time that it took it."""
    return Counter(
        (recipient, kind_of(str(each.message["Subject"])))
        for each in post.arrived
        for recipient in each.recipients
    )


def kind_of(subject: str) -> str:
    """The kind of a mail; its subject itself where it is none of them. A folded one begins with a space."""
    subject = subject.strip()
    return next((kind for kind, words in SUBJECTS.items() if re.match(words, subject)), subject)
