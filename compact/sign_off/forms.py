"""The forms of signing, and of what comes before and after it. They only carry what was typed."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField


class SignOffForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    confirm = StringField()
    authority = StringField()
    authority_name = StringField()
    authority_job_title = StringField()
    return_version = StringField()
    statement_version = StringField()
    ratified_on = StringField()
    password = PasswordField()


class ReopenForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    reason = StringField()


class SendBackForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    reason = StringField()


class RatifiedForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    ratified_on = StringField()
