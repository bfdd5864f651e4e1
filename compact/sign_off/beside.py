"""What other rooms write in the transaction that signs. They stand above this one, which knows none of them.

A room adds itself when the application is built. It is called once the return counts as signed, and before
the heads of the chains are locked: whoever holds those waits for nobody (`trail.store`).
"""

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

WithSigning = Callable[[Session, int], None]
"""Something that is written with a signature: given the session and the id of the signed return."""


def init_app(app: Flask) -> None:
    app.extensions["compact.beside_signing"] = []


def add(app: Flask, write: WithSigning) -> None:
    """Let a room write with every signature."""
    app.extensions["compact.beside_signing"].append(write)


def write_all(session: Session, return_id: int) -> None:
    """Everything that the rooms above write with a signature, in the order in which they were added."""
    for write in current_app.extensions["compact.beside_signing"]:
        write(session, return_id)
