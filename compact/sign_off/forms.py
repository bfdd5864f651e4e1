"""The sign-off form."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField


class SignOffForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    confirm = StringField()
    return_version = StringField()
    statement_version = StringField()
    password = PasswordField()
