"""The forms of the desk's reading. They only carry what was typed."""

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField


class GradeForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    grade = StringField()
    comment = StringField()
    version = StringField()


class CommentForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    decision = StringField()
    comment = StringField()
    version = StringField()


class VisitForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    visited_on = StringField()
    who = StringField()
    what = StringField()


class ReplyForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """`do` is the button: add the phrases to the message, or save."""

    outcome = StringField()
    message = StringField()
    phrase = SelectMultipleField(validate_choice=False)
    do = StringField()
    version = StringField()


class SendForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    version = StringField()


class LineForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    said = StringField()
    did = StringField()
