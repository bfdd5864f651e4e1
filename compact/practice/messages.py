"""The mail to officers when a text that they chose is taken back. No word of the text stands in it."""

from compact.mail.rules import Written, named


def taken_back(reader: str, organisation: str, sector: str, cycle: str, address: str) -> Written:
    return Written(
        "A good-practice text that you chose was taken back",
        f"""Dear {named(reader)},

{named(organisation)} no longer shares a text that you chose
for the learning summary of {named(sector)} for {named(cycle)}.

It is not in the draft any more, and will not be printed.
What was published before stays as it was. Choose another text here if you like:
{address}
""",
    )
