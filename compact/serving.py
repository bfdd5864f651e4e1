"""`compact serve`: gunicorn on the application."""

import os
import sys

import click

import config

from . import db

# What gunicorn takes of a request before the application sees it. It writes no access log: that would hold
# addresses, and an invitation's has its token in it. The application writes a line of its own.
LIMITS = (
    "--limit-request-line=4094",
    "--limit-request-fields=60",
    "--limit-request-field_size=8190",
    # Who waits for a document keeps no page waiting: it is made by a process of its own meanwhile.
    "--threads=4",
    "--timeout=30",  # a worker that is silent for so long is replaced; no page takes a tenth of it
    # Nobody's word is believed here: PROXIES says how many are, and the application sees to it.
    "--forwarded-allow-ips=",
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port; PORT or 8000 by default.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="How many processes."
)
def serve(host: str, port: int | None, workers: int) -> None:
    """Serve the application with gunicorn."""
    from compact import create_app

    settings = config.from_environment()
    create_app(
        settings, engine=db.engine()
    )  # what keeps it from starting is said here, once, and not by every worker
    arguments = [
        sys.executable,
        "-m",
        "gunicorn",
        "--chdir",
        str(config.ROOT),
        "--bind",
        f"{host}:{port or settings.port}",
        "--workers",
        str(workers),
        *LIMITS,
        "--no-control-socket",
        "wsgi:app",
    ]
    os.execv(sys.executable, arguments)  # noqa: S606 - our own program with our own arguments
