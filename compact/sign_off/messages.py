"""The mail that goes out with a sign-off: its receipt, and no answer."""

from compact.mail.rules import Written, named
from compact.web.clock import shown_moment

from .store import Receipt


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
