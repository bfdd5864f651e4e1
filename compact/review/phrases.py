"""Phrases for a reply, which an officer picks from and then makes their own: good, clear and kind.

They are data: a sentence more is a line more. None names a person, a child or a setting.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A sentence or two of a reply, by a key that the page sends back."""

    key: str
    text: str


@dataclass(frozen=True)
class PhraseGroup:
    """Phrases for one part of a reply."""

    title: str
    phrases: tuple[Phrase, ...]


GROUPS = (
    PhraseGroup(
        "How to begin",
        (
            Phrase("thanks", "Thank you for the work that went into your return, and for sending it."),
            Phrase(
                "thanks-late", "Thank you for your return. We know that it was not easy to find the time."
            ),
            Phrase("honest", "Your return is open about what still needs work. That helps children most."),
        ),
    ),
    PhraseGroup(
        "What is good",
        (
            Phrase(
                "evidence-clear", "Your evidence is clear, and shows what difference it makes to children."
            ),
            Phrase("voice", "It is good to read how children’s own words have changed what you do."),
            Phrase("progress", "You have come a good way since your last return. Please keep it up."),
            Phrase("plan-sound", "Your plan says who does what and by when. We have nothing to add to it."),
        ),
    ),
    PhraseGroup(
        "What to look at again",
        (
            Phrase(
                "evidence-thin",
                "For some grades we could not see what they rest on. Please write a line or two more about "
                "what somebody would see, and who has it.",
            ),
            Phrase(
                "same-words",
                "Some of the evidence is in the same words as elsewhere. Please say what is true in your "
                "own setting.",
            ),
            Phrase(
                "last-time",
                "Much of the evidence is as it was last time. Please check that it still holds.",
            ),
            Phrase(
                "contradiction",
                "Some answers do not seem to fit together. You may have good reasons; please tell us.",
            ),
            Phrase(
                "fell",
                "Some grades are lower than last time. Please tell us what has changed, and whether you "
                "would like help.",
            ),
            Phrase(
                "plan-vague",
                "Some actions could say more about who leads them, by when, and what will be different "
                "for children. Our comments stand beside each action.",
            ),
        ),
    ),
    PhraseGroup(
        "What comes next",
        (
            Phrase("nothing-to-do", "There is nothing that you need to do now."),
            Phrase("update", "We will ask you in about six months how your plan is going."),
            Phrase("visit", "We would like to visit you and see the evidence with you. We will call you."),
            Phrase("talk", "Please call us, so that we can talk about it. It need not take long."),
            Phrase(
                "help", "If you would like help with any of this, please ask. That is what we are here for."
            ),
        ),
    ),
)

_BY_KEY = {phrase.key: phrase for group in GROUPS for phrase in group.phrases}


def with_phrases(message: str, picked: Iterable[str]) -> str:
    """A message with the phrases that were picked, in the order of the list, each a paragraph at its end.

    One that stands in the message already is not added again; a key that is no phrase's is passed by.
    """
    wanted = set(picked)
    texts = [phrase.text for key, phrase in _BY_KEY.items() if key in wanted and phrase.text not in message]
    return "\n\n".join([*([message.rstrip()] if message.strip() else []), *texts])
