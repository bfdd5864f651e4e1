"""The mails that tell an organisation of its own last day in a round. No mail holds an answer."""

from datetime import date

from compact.mail.rules import Written, named
from compact.web.clock import shown_day


def about_part(cycle_id: int, organisation_id: int) -> str:
    """By what the mails about an organisation's part in a round are found: they stop once it has signed."""
    return f"round {cycle_id} {organisation_id}"


def more_time(reader: str, organisation: str, cycle: str, until: date, base_url: str) -> Written:
    return Written(
        f"{named(organisation)} has more time for its self-assessment",
        f"""Dear {named(reader)},

your partnership has given {named(organisation)} more time
for {named(cycle)}.

The return can now be signed until the end of {shown_day(until)} without being late.
Go on with it here:
{base_url.rstrip("/")}
""",
    )


def time_withdrawn(reader: str, organisation: str, cycle: str, closes: date, base_url: str) -> Written:
    return Written(
        f"{named(organisation)} has no more time for its self-assessment any longer",
        f"""Dear {named(reader)},

your partnership has withdrawn the time that it had given {named(organisation)}
for {named(cycle)}.

The last day is that of the round again: {shown_day(closes)}. A return that is signed later counts too,
and is marked as late. Ask your partnership if you did not expect this.
Go on with it here:
{base_url.rstrip("/")}
""",
    )
