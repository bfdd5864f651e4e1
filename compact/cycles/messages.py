"""The mail that tells an organisation of its own last day in a round. No mail holds an answer."""

from datetime import date

from compact.mail.rules import Written, named
from compact.web.clock import shown_day


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
