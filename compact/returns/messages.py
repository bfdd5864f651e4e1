"""The mails of a return in progress. None holds an answer."""

from collections.abc import Sequence

from compact.mail.rules import Written, named


def standards_given(
    to: str, by: str, organisation: str, cycle: str, standards: Sequence[str], address: str
) -> Written:
    """To a colleague, who was given standards to answer."""
    listed = "\n".join(f"- {each}" for each in standards)
    return Written(
        f"For you to answer: {len(standards)} of the standards of {named(organisation)}",
        f"""Dear {named(to)},

{named(by)} has asked you to answer these standards of the self-assessment of {named(organisation)}
for {named(cycle)}:

{listed}

Sign in and begin here:
{address}

What you write saves itself, and you can come back to it as often as you like.
""",
    )
