"""The mail that tells of a paper return. It holds no answer."""

from compact.mail.rules import Written, named


def entered(reader: str, partnership: str, organisation: str, cycle: str, address: str) -> Written:
    """To those who sign for an organisation."""
    return Written(
        f"The paper return of {named(organisation)} was entered",
        f"""Dear {named(reader)},

{named(partnership)} has typed in the paper return of {named(organisation)}
for {named(cycle)}. It counts, and is marked as brought in: you need not fill anything in here.

Sign in and read whether it says what you wrote:
{address}

If it does not, tell us. It can be opened again for you to change and sign.
""",
    )
