"""The mails of accounts: an invitation and a code. No mail holds an answer or names a child."""

from compact.mail.rules import SECRET, Written, named
from compact.web.clock import shown_moment

from .rules import ROLE_NAMES, STEP_LASTS, InvitationRow


def invitation(row: InvitationRow, base_url: str) -> Written:
    place, address = named(row.place or "the whole service"), base_url.rstrip("/")
    who = f"{named(row.invited_by)} has invited you" if row.invited_by else "You have been invited"
    return Written(
        f"Your invitation to the Safeguarding and Early Help Compact: {place}",
        f"""Dear {named(row.name)},

{who} to the Safeguarding and Early Help Compact,
where organisations that work with children assess how well they keep them safe.

Your role: {ROLE_NAMES[row.role]} for {place}

To begin, open this page. You choose a password there, or sign in if you have an account already:

{address}/invitation/{SECRET}

The link is for you alone. It can be used once, until {shown_moment(row.expires_at)}.
If you do not know why you were invited, do nothing: nobody is signed up by this mail alone.
""",
    )


def code(base_url: str) -> Written:
    minutes = int(STEP_LASTS.total_seconds() // 60)
    return Written(
        "Your code to sign in to the Safeguarding and Early Help Compact",
        f"""Your code to sign in is:

{SECRET}

Type it into the page that asked for it, within {minutes} minutes. It works in that browser only.
Nobody from the partnership will ever ask you for it.

If you did not ask for a code, somebody else typed your address at
{base_url}.
They cannot get in without this mail. You need not do anything.
""",
    )
