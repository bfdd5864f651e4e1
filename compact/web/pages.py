"""Pages that stand on their own: health, accessibility, privacy."""

from flask import Blueprint, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.get("/health")
def health() -> dict[str, str]:
    """Whether this process answers. No session, no database, no write."""
    return {"status": "ok"}


@blueprint.get("/accessibility")
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("pages/privacy.html")
