"""What verifying a long trail costs, as the whole command."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from compact import db
from compact.trail import store
from compact.trail.models import TrailEntry

from . import serving
from .loading import Loaded
from .table import Row

ENTRIES = 200_000
SECONDS = 5.0
AT_ONCE = 10_000
_BEGAN = datetime(2026, 9, 1, tzinfo=UTC)


def measure(database: str, loaded: Loaded) -> Iterator[Row]:
    """The row of the table for one kind of database; the trail is written first."""
    _write(loaded)
    command = [str(Path(sys.executable).with_name("compact")), "trail", "verify"]
    ended = subprocess.run(
        [sys.executable, "-m", "bench.command", *command],
        cwd=serving.ROOT,
        env={**os.environ, **serving.environment(loaded)},
        stdout=subprocess.PIPE,
        check=True,
    )
    used = json.loads(ended.stdout)
    measured = f"{used['cpu']:.2f} s CPU here, {used['wall']:.2f} s on the clock, {used['megabytes']:.0f} MB"
    yield Row(
        f"compact trail verify, {ENTRIES:,} entries, {database}", used["wall"] / SECONDS, 1, "× 5 s", measured
    )


def _write(loaded: Loaded) -> None:
    """A trail as `record` would have written it, one entry a minute."""
    engine = db.make_engine(loaded.url)
    with db.begin_writing(db.open_session(engine)) as session:
        head = store.lock_head(session, "trail")
        rows = []
        for sequence in range(head.sequence + 1, ENTRIES + 1):
            entry: dict[str, Any] = {
                "sequence": sequence,
                "at": _BEGAN + timedelta(minutes=sequence),
                "person_id": sequence % 500,
                "what": "return read",
                "subject": f"return {sequence % 20_000}",
                "detail": store.canonical({"by": "officer"}),
                "previous_hash": head.hash,
            }
            head = store.Head(sequence, store.hash_of_entry(**entry))
            rows.append({**entry, "hash": head.hash})
            if len(rows) == AT_ONCE or sequence == ENTRIES:
                session.execute(insert(TrailEntry), rows)
                rows = []
        store.move_head(session, "trail", head)
        session.commit()
    engine.dispose()
