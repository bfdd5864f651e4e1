"""The application and the `compact` command at a time that a test sets: only tests have such a clock.

The file named by CLOCK_AHEAD holds how many seconds the story is ahead of the machine's own clock.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

AHEAD, KILLED = "CLOCK_AHEAD", "KILLED_BEFORE_SENDING_IS_WRITTEN_DOWN"


@dataclass(frozen=True)
class Clock:
    """The story's time, which goes on by itself; kept in a file, so that every process has the same."""

    file: Path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text(encoding="ascii")))

    def set(self, moment: datetime) -> None:
        """Let it be this moment now; readers find the time before or the one after, and no half of a file."""
        written = self.file.with_suffix(".new")
        written.write_text(str((moment - datetime.now(UTC)).total_seconds()), encoding="ascii")
        written.replace(self.file)


def application() -> Flask:
    """The web application, for gunicorn."""
    from compact import create_app

    return _timed(create_app())


def _timed(app: Flask) -> Flask:
    app.config["CLOCK"] = Clock(Path(os.environ[AHEAD])).now
    return app


def command() -> None:
    from compact import cli

    inside = vars(cli)
    bare: Callable[..., Flask] = inside["create_bare_app"]
    inside["create_bare_app"] = lambda settings: _timed(bare(settings))
    if os.environ.get(KILLED):
        _be_killed(int(os.environ[KILLED]))
    cli.main()


def _be_killed(mails: int) -> None:
    """Kill this process when the server has said yes to so many mails, before that is written down."""
    from compact.mail import store

    left, sent = mails, store.sent

    def count(*arguments: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        sent(*arguments)  # type: ignore[arg-type]

    store.sent = count  # type: ignore[assignment]


if __name__ == "__main__":
    command()
