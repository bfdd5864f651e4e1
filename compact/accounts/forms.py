"""The sign-in form."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField


class SignInForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    email = StringField()
    password = PasswordField()
