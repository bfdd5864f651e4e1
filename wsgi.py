"""The application for a WSGI server: `gunicorn wsgi:app`."""

from compact import create_app

app = create_app()
