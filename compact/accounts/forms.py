"""The forms of accounts; they only carry what was typed."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField


class SignInForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    email = StringField()
    password = PasswordField()
    code = StringField()


class CodeForm(FlaskForm):  # type: ignore[misc]
    code = StringField()


class EmailForm(FlaskForm):  # type: ignore[misc]
    email = StringField()


class PasswordForm(FlaskForm):  # type: ignore[misc]
    old = PasswordField()
    password = PasswordField()


class AcceptForm(FlaskForm):  # type: ignore[misc]
    name = StringField()
    job_title = StringField()
    password = PasswordField()


class InviteForm(FlaskForm):  # type: ignore[misc]
    email = StringField()
    name = StringField()
    job_title = StringField()
    role = StringField()
    replaces = StringField()


class MemberForm(FlaskForm):  # type: ignore[misc]
    role = StringField()
    job_title = StringField()
