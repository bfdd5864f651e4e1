"""What was typed before a sign-in ended: carried through the new one, and then saved as it was meant to be.

The page that asks to sign in again holds every field of the post, under another name. Once the person is
signed in, the browser is told to post the same once more (307) to the address that was meant.
"""

from collections.abc import Sequence

from flask import redirect, render_template, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from .texts import clean

PREFIX = "kept."
# Stands for a post without any field: a button that was pressed is pressed again after the sign-in.
MARK = (PREFIX, "")
# A password is never carried nor given back: it is typed again. The token is that of the new page.
NOT_CARRIED = ("csrf_token", "password", "old", "code")


def sign_in_again(why: str, status: int) -> tuple[str, int]:
    """The page that asks to sign in again, with all that was typed."""
    page = render_template(
        "accounts/sign_in_again.html",
        why=why,
        carried=[
            MARK,
            *((f"{PREFIX}{name}", value) for name, value in _fields() if name not in NOT_CARRIED),
        ],
        next=request.full_path.rstrip("?"),
        email="",
        problems=(),
    )
    return page, status


def carried() -> Sequence[tuple[str, str]]:
    """The fields that this post carries through a sign-in."""
    return _fields(PREFIX)


def on_to(address: str) -> Response:
    """Go where a sign-in leads: what is carried is posted there, else the page is only opened."""
    return redirect(address, 307 if carried() else 302)


def put_back() -> None:
    """Give the fields of a post that was carried through a sign-in their own names again."""
    back = carried()
    if back:
        own = [(name.removeprefix(PREFIX), value) for name, value in back if name != PREFIX]
        token = [("csrf_token", request.form.get("csrf_token", ""))]
        request.form = ImmutableMultiDict(own + token)


def _fields(prefix: str = "") -> list[tuple[str, str]]:
    """The fields of a post whose names begin so, without the characters that no page can hold."""
    fields = request.form.items(multi=True) if request.method == "POST" else ()
    return [(clean(name), clean(value)) for name, value in fields if name.startswith(prefix)]
