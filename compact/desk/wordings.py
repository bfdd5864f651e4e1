"""The service's own wording of each kind of mail, used where a partnership has none of its own."""

from collections.abc import Mapping

from compact.mail.rules import Written

from .rules import Kind, Stage

KIND_NAMES: Mapping[Kind, str] = {
    Kind.LAUNCH: "The round is open",
    Kind.REMINDER: "Reminder before the last day",
    Kind.LATE: "The last day has passed",
    Kind.NEVER_OPENED: "Never opened",
    Kind.OPENED: "Opened",
    Kind.HALF_DONE: "Half done",
    Kind.WAITING: "Waiting for sign-off",
    Kind.MESSAGE: "A message of your own",
}
WHEN_SENT: Mapping[Kind, str] = {
    Kind.LAUNCH: "Sent once to everybody who signs, when the round is launched.",
    Kind.REMINDER: "Sent by itself 30, 7 and 1 days before the last day, to those who have not signed.",
    Kind.LATE: "Sent by itself once, when the last day is over. Also the draft for those who are late.",
    Kind.NEVER_OPENED: "The draft for those who have not opened their return.",
    Kind.OPENED: "The draft for those who have answered less than half.",
    Kind.HALF_DONE: "The draft for those who have answered half or more.",
    Kind.WAITING: "The draft for those whose return only waits to be signed.",
    Kind.MESSAGE: "The draft of a message to a sector, or to everybody who has not signed.",
}
DRAFT_OF: Mapping[Stage, Kind] = {
    Stage.NEVER_OPENED: Kind.NEVER_OPENED,
    Stage.OPENED: Kind.OPENED,
    Stage.HALF_DONE: Kind.HALF_DONE,
    Stage.WAITING: Kind.WAITING,
}

_DAY = "It can be signed until the end of {last_day}."
_END = "If something keeps you from it, ask {partnership}, who can help or give more time."


def _letter(*paragraphs: str) -> str:
    return "\n\n".join(("Dear {name},", *paragraphs, "Go on here:\n{link}", _END))


OWN: Mapping[Kind, Written] = {
    Kind.LAUNCH: Written(
        "{round} is open: the self-assessment of {organisation}",
        _letter(
            "{partnership} asks {organisation} to assess how well it keeps children safe,\nin {round}.",
            "Before you begin you can read every question and share them out. What is typed saves itself.",
            _DAY,
        ),
    ),
    Kind.REMINDER: Written(
        "To be signed until {last_day}: the self-assessment of {organisation}",
        _letter(
            "the self-assessment of {organisation} for {round} is not signed yet.",
            _DAY + " If it is almost done, thank you: nothing else is needed.",
        ),
    ),
    Kind.LATE: Written(
        "The last day has passed: the self-assessment of {organisation}",
        _letter(
            "the last day of the self-assessment of {organisation} for {round}\nwas {last_day}.",
            "It can still be signed, and it still counts.",
        ),
    ),
    Kind.NEVER_OPENED: Written(
        "The self-assessment of {organisation} has not been opened yet",
        _letter(
            "nobody has opened the self-assessment of {organisation} for {round} yet.",
            "You can read all questions first, share them out among colleagues, and stop at any time.",
            _DAY,
        ),
    ),
    Kind.OPENED: Written(
        "The self-assessment of {organisation} was begun",
        _letter(
            "the self-assessment of {organisation} for {round} was begun.",
            "Most of it is still to be answered. Everything that was typed is there.",
            _DAY,
        ),
    ),
    Kind.HALF_DONE: Written(
        "The self-assessment of {organisation} is half done",
        _letter(
            "half of the self-assessment of {organisation} for {round}, or more, is answered.\nThank you.",
            "The rest can be done a standard at a time. Everything that was typed is there.",
            _DAY,
        ),
    ),
    Kind.WAITING: Written(
        "The self-assessment of {organisation} waits for its signature",
        _letter(
            "the questions of the self-assessment of {organisation} for {round} are answered.\n"
            "It is not handed in before you have read and signed it.",
            _DAY,
        ),
    ),
    Kind.MESSAGE: Written(
        "{round}: a message from {partnership}", "Dear {name},\n\n\n\n{link}\n\n{partnership}"
    ),
}
