"""The forms of signing and of reopening. They only carry what was typed; the rules judge it."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField


class SignOffForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    confirm = StringField()
    authority = StringField()
    authority_name = StringField()
    authority_job_title = StringField()
    return_version = StringField()
    statement_version = StringField()
    password = PasswordField()


class ReopenForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    reason = StringField()
