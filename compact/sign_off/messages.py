"""The mails about signing and reopening: no answer and no reason stands in any of them."""

from collections.abc import Callable

from compact.mail.rules import Written, named
from compact.web.clock import shown_moment

from .store import Receipt

# A mail about a draft: to whom, from whom, of which organisation and round, and the draft's address.
AboutDraft = Callable[[str, str, str, str, str], Written]
# A mail about a return that was reopened: the same, with the number that is open now before the address.
AboutReopened = Callable[[str, str, str, str, int, str], Written]


def receipt(signed: Receipt, cycle: str, address: str) -> Written:
    return Written(
        f"Receipt {signed.receipt}: the return of {named(signed.organisation_name)} is signed",
        f"""Dear {named(signed.person_name)},

you signed the return of {named(signed.organisation_name)} for {named(cycle)}
on {shown_moment(signed.signed_at)}.

Receipt: {signed.receipt}
Fingerprint of what was signed:
{signed.content_hash}

With the fingerprint anybody can show later that nothing was changed. The receipt is here as well:
{address}

If it was not you who signed, tell your partnership at once.
""",
    )


def ready(name: str, by: str, organisation: str, cycle: str, address: str) -> Written:
    return Written(
        f"The return of {named(organisation)} is ready to sign",
        f"""Dear {named(name)},

{named(by)} says that the return of {named(organisation)} for {named(cycle)} is ready to sign.

Read it here. Then sign it, or send it back with a reason:
{address}
""",
    )


def sent_back(name: str, by: str, organisation: str, cycle: str, address: str) -> Written:
    return Written(
        f"The return of {named(organisation)} was sent back",
        f"""Dear {named(name)},

{named(by)} sent back the return of {named(organisation)} for {named(cycle)}, before signing it.

The reason is on the page of the return, and not in this mail:
{address}
""",
    )


def reopened(reader: str, officer: str, organisation: str, cycle: str, number: int, address: str) -> Written:
    """For the officers of the other partnerships. The reason stands on the return, and not in the mail."""
    return Written(
        f"The return of {named(organisation)} was reopened",
        f"""Dear {named(reader)},

{named(officer)} has reopened the return of {named(organisation)}
for {named(cycle)}, in which your partnership takes part.

Number {number} is a draft now and has to be signed again. Number {number - 1} stays as it was and counts
until then. Why it was reopened stands on the return:
{address}
""",
    )


def reopened_for_you(
    reader: str, officer: str, organisation: str, cycle: str, number: int, address: str
) -> Written:
    """For those who complete or sign the organisation's return."""
    return Written(
        f"The return of {named(organisation)} is open again",
        f"""Dear {named(reader)},

{named(officer)} from your partnership has opened the return of {named(organisation)}
for {named(cycle)} again.

Number {number} is a draft with everything in it that was signed. Change what is to be changed; then it has to
be signed again. Number {number - 1} stays as it was and counts until then. Why it was opened stands here:
{address}
""",
    )
