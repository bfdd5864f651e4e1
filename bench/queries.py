"""How many queries each page asks its database, counted inside one process."""

from sqlalchemy import event
from werkzeug.test import Client

import config
from compact import create_app, db

from . import loading, serving
from .pages import PAGES, STANDARD


def count(loaded: loading.Loaded) -> dict[str, int]:
    """The number of queries of each measured page, by its name."""
    engine = db.make_engine(loaded.url)
    app = create_app(config.from_environment(serving.environment(loaded)), engine=engine)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):  # SQLite is told so by a statement, PostgreSQL is not
            seen.append(statement)

    client = app.test_client()
    _sign_in(client)
    address = f"/returns/{loaded.draft_id}"
    page = client.get(f"{address}/standards/{STANDARD}").data
    version, token = serving.version_in(page), serving.token_in(page)
    event.listen(engine, "before_cursor_execute", note)
    found = {}
    for each in PAGES:
        seen.clear()
        path = f"{address}{each.path}"
        answer = (
            client.get(path) if each.fields is None else client.post(path, data=each.fields(version, token))
        )
        assert answer.status_code == each.status, f"{each.name} was answered with {answer.status_code}"
        found[each.name] = len(seen)
    engine.dispose()
    return found


def _sign_in(client: Client) -> None:
    token = serving.token_in(client.get("/sign-in").data)
    fields = {"csrf_token": token, "email": loading.EMAIL, "password": loading.PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 302
