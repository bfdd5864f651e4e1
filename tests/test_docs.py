"""The README and the docs say what is true."""

import re
from functools import cache
from pathlib import Path

import click
import pytest

import config
from compact.cli import main
from compact.questionnaire.measuring import WORDS_A_MINUTE

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOR_HEADS = (ROOT / "docs" / "for-heads.md").read_text(encoding="utf-8")
# What the officers' page quotes from other people's pages.
ELSEWHERE = {"Downloads", "Management information: latest inspections"}
DOCS = sorted([ROOT / "README.md", ROOT / "NOTICE.md", *(ROOT / "docs").rglob("*.md")])


def test_the_readme_lists_every_command_and_no_other() -> None:
    listed = set(re.findall(r"^\| `compact ([a-z -]+)` \|", README, re.MULTILINE))

    assert listed == set(_commands(main))


def test_the_readme_lists_every_make_target_but_the_caretakers() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) - {"help", "lock", "clean"}

    assert set(re.findall(r"^\| `make ([a-z]+)` \|", README, re.MULTILINE)) == targets


def test_every_setting_is_in_the_installers_page() -> None:
    page = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^    ([A-Z_]+)  ", config.from_environment.__doc__ or "", re.MULTILINE))

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == described
    assert described


@pytest.mark.parametrize("page", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    named = re.findall(r"`((?:docs|tests|questionnaires|compact|templates)/[\w./-]+)`", text)

    missing = [each for each in linked if not (page.parent / each).exists()]
    missing += [each for each in named if not (ROOT / each).exists()]
    assert missing == []


def test_the_heads_page_is_read_in_five_minutes() -> None:
    """At the pace that the questionnaires are measured with."""
    prose = re.sub(r"!\[.*?\]\(.*?\)", "", FOR_HEADS)

    assert len(prose.split()) <= 5 * WORDS_A_MINUTE


def test_whatever_the_heads_page_quotes_stands_on_a_page() -> None:
    """A head looks for the very words: a button that is called otherwise now fails here."""
    quoted = set(re.findall(r"“([^”]+)”", FOR_HEADS))

    assert len(quoted) > 5
    assert [each for each in sorted(quoted) if each not in _shown()] == []


@cache
def _shown() -> str:
    """All the words that a page can show, but for what people type."""
    places = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "questionnaires").rglob("*.yaml")]
    return "\n".join(each.read_text(encoding="utf-8") for each in (*places, *ROOT.glob("compact/**/*.py")))


def test_whatever_the_officers_page_quotes_stands_on_a_page() -> None:
    """But for what is quoted from other places, and what somebody makes up."""
    page = (ROOT / "docs" / "for-officers.md").read_text(encoding="utf-8")
    quoted = {" ".join(each.split()) for each in re.findall(r"“([^”]+)”", page)} - ELSEWHERE

    assert len(quoted) > 15
    assert [each for each in sorted(quoted) if each not in _shown()] == []


def test_every_picture_is_on_a_page() -> None:
    pages = "\n".join(each.read_text(encoding="utf-8") for each in DOCS)
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))

    assert len(pictures) > 15
    assert [each.name for each in pictures if f"pictures/{each.name})" not in pages] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_a_page_is_there_with_its_options(page: Path) -> None:
    """Also within a sentence: a command that is called otherwise now fails here."""
    known, wrong = _commands(main), []
    for line in _code(page.read_text(encoding="utf-8")):
        for words in re.findall(r"(?<![\w:=./@-])(?<!-u )compact ((?!compact\b)[a-z]+(?: .*)?)", line):
            first = words.split()
            name = next((" ".join(first[:n]) for n in (2, 1) if " ".join(first[:n]) in known), None)
            group = any(each.startswith(f"{first[0]} ") for each in known)
            if name is None:
                wrong += [] if group and len(first) == 1 else [line]
                continue
            options = {each for one in known[name].params for each in (*one.opts, *one.secondary_opts)}
            wrong += [f"{name} {each}" for each in re.findall(r"--[a-z-]+", words) if each not in options]

    assert wrong == []


def _code(text: str) -> list[str]:
    """The lines of code of a page, put together where they go on, and what stands between backticks."""
    text = re.sub(r"\\\n +", "", text)
    lines = re.findall(r"^    (.+)$", text, re.MULTILINE)
    for kind, block in re.findall(r"^```([^\n]*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        lines += block.splitlines() if kind != "sql" else []
    return lines + re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


def test_every_command_has_help() -> None:
    silent = [name for name, command in _commands(main).items() if not (command.help or "").strip()]

    assert silent == []


def _commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        path = f"{before} {name}".strip()
        found.update(_commands(command, path) if isinstance(command, click.Group) else {path: command})
    return found


def test_every_test_that_the_security_page_names_is_there() -> None:
    """What the page promises is held by something that can fail."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", page)

    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).is_file()
        or (test and f"def {test}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]

    assert len(named) > 40
    assert missing == []


def test_each_decision_has_a_number_of_its_own_and_a_day() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    assert [each.name[:4] for each in decisions] == [
        f"{number:04}" for number in range(1, len(decisions) + 1)
    ]
    for number, each in enumerate(decisions, start=1):
        title, _, day, *_ = each.read_text(encoding="utf-8").splitlines()
        assert title.startswith(f"# {number}. "), each.name
        assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ 20\d\d", day), each.name
