"""What is worked out once for all tests of a process, because it always comes out the same."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from compact.cycles import editions
from compact.documents import typeset
from compact.questionnaire import reading
from compact.questionnaire.marked import Mistake
from compact.questionnaire.values import Edition


@pytest.fixture(scope="session", autouse=True)
def typeset_once() -> Iterator[None]:
    """A paper of the same data is typeset once: its bytes are the same (tests/documents/test_typeset.py)."""
    pdf = typeset.pdf
    made: dict[str, bytes] = {}

    def once(template: str, data: Any) -> bytes:
        text = json.dumps([template, data], ensure_ascii=False)
        if text not in made:
            made[text] = pdf(template, data)
        return made[text]

    typeset.pdf = once
    yield
    typeset.pdf = pdf


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Templates are compiled once for all, and how an address is made of a rule is once in a process.

    That is most of what making an application and its first page take.
    """
    compile_builder = Rule._compile_builder
    known: dict[object, Callable[..., tuple[str, str]]] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (append_unknown, tuple(rule._trace), repr(rule.defaults))
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    templates = {"bytecode_cache": FileSystemBytecodeCache()}
    with patch.object(Rule, "_compile_builder", once), patch.object(Flask, "jinja_options", templates):
        yield


@pytest.fixture(scope="session", autouse=True)
def editions_read_once() -> Iterator[None]:
    """An edition of the same texts is read once in a process: most commands begin with reading it."""
    edition_of = reading.edition_of
    sound: dict[int, Edition] = {}

    def once(name: str, texts: Mapping[str, str], *, where: str, mistakes: Iterable[Mistake] = ()) -> Edition:
        found, key = tuple(mistakes), hash((name, *texts.items()))
        if found or key not in sound:
            sound[key] = edition_of(name, texts, where=where, mistakes=found)
        return sound[key]

    with patch.object(reading, "edition_of", once), patch.object(editions, "edition_of", once):
        yield
