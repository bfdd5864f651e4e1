"""Typed text as it is kept: on a value alone, for every room that keeps one."""

# Characters that Word and old systems leave in copied text. A vertical tab and a form feed are line breaks;
# the others mean nothing to anyone, and NUL is refused by PostgreSQL: each is shown as a replacement mark.
_CLEANED = str.maketrans(
    {chr(code): "\ufffd" for code in range(32) if chr(code) not in "\t\n"}
    | {"\x0b": "\n", "\x0c": "\n", "\x7f": "\ufffd"}
)


def clean(text: str) -> str:
    """A text as it is kept: line ends as LF, no control characters; white space alone counts as empty."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEANED)
    return text if text.strip() else ""
