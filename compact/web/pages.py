"""The page that needs nothing: whether this process answers."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)


@blueprint.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers. No session, no database, no write."""
    return {"status": "ok"}
