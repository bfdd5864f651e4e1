"""The mails of a review. None holds an answer, a grade or a word of the reply."""

from compact.mail.rules import Written, named


def replied(reader: str, partnership: str, organisation: str, cycle: str, address: str) -> Written:
    """To those who sign and complete for an organisation."""
    return Written(
        f"{named(partnership)} has replied to the return of {named(organisation)}",
        f"""Dear {named(reader)},

{named(partnership)} has read the return of {named(organisation)}
for {named(cycle)}, and has replied to it.

The reply is not in this mail. Sign in and read it here:
{address}
""",
    )


def update_wanted(reader: str, partnership: str, organisation: str, address: str) -> Written:
    """To those who sign and complete for an organisation, six months on."""
    return Written(
        f"How is the plan of {named(organisation)} going?",
        f"""Dear {named(reader)},

about six months ago {named(organisation)} planned what it would do.
{named(partnership)} would like to know how it is going.

Sign in, open each action, and say how far it is. A line or two is enough:
{address}

If an action takes longer than you thought, say so. That helps, too.
""",
    )
