"""The mails of a learning summary. None holds a figure or a word of it."""

from compact.mail.rules import Written, named


def published(reader: str, partnership: str, sector: str, cycle: str, address: str) -> Written:
    """To somebody who can sign in for an organisation of the sector."""
    return Written(
        _subject(sector, cycle),
        f"""Dear {named(reader)},

{named(partnership)} has published what was learnt from
{named(cycle)}. It is for everybody in this sector: {named(sector)}.

It says in five sentences what everyone should know, what many find hard,
and what helps. No organisation is named in it.

Sign in and read it here:
{address}
""",
    )


def published_to_contact(
    organisation: str, partnership: str, sector: str, cycle: str, address: str, *, is_open: bool
) -> Written:
    """To the contact address of an organisation for which nobody can sign in."""
    read = (
        "Read it here. You do not need to sign in:"
        if is_open
        else "Nobody can sign in for you yet. Ask us for an account; then you can read it here:"
    )
    return Written(
        _subject(sector, cycle),
        f"""To {named(organisation)}

{named(partnership)} has published what was learnt from
{named(cycle)}. It is for everybody in this sector: {named(sector)}.

It says in five sentences what everyone should know, what many find hard,
and what helps. No organisation is named in it.

{read}
{address}
""",
    )


def _subject(sector: str, cycle: str) -> str:
    return f"What was learnt from {named(cycle)}: {named(sector)}"
