"""YAML files -> frozen values, with every mistake of every file at once."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from .checks import across, did_you_mean, within, within_common
from .marked import Marked, Mistake, Mistakes, read_marked
from .values import Common, Edition, Questionnaire

COMMON_FILE = "standards.yaml"
# The order in which sectors are listed; a setting type that is not named here comes after these, by name.
SECTOR_ORDER = ("school", "early_years", "statutory", "hips", "voluntary")

_Model = TypeVar("_Model", bound=BaseModel)


def read_editions(root: Path) -> dict[str, Edition]:
    """Every edition below `root`, by name. Raises Mistakes with all mistakes of all of them."""
    editions: dict[str, Edition] = {}
    mistakes: list[Mistake] = []
    folders = sorted(folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else []
    for folder in folders:
        try:
            edition = read_edition(folder)
        except Mistakes as found:
            mistakes += found.mistakes
        else:
            editions[edition.name] = edition
    if not folders:
        mistakes.append(Mistake(str(root), 1, 1, "holds no edition: expected a folder such as 2026"))
    if mistakes:
        raise Mistakes(mistakes)
    return editions


def read_edition(folder: Path) -> Edition:
    """The edition in a folder that is named after it. Raises Mistakes."""
    texts: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            texts[path.name] = text_of(path)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            mistakes.append(Mistake(str(path), line, 1, "is not UTF-8: save the file as UTF-8"))
    return edition_of(folder.name, texts, where=str(folder), mistakes=mistakes)


def text_of(path: Path) -> str:
    """A file's text with line ends as LF, so that a checkout's settings do not change its hash."""
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def edition_of(
    name: str, texts: Mapping[str, str], *, where: str, mistakes: Iterable[Mistake] = ()
) -> Edition:
    """An edition from its files' texts, by file name. `where` stands before the names in mistakes."""
    found = list(mistakes)
    marked = {file: read_marked(f"{where}/{file}", text) for file, text in texts.items()}
    shared = marked.pop(COMMON_FILE, None)
    if shared is None:
        found.append(Mistake(f"{where}/{COMMON_FILE}", 1, 1, "the file is missing"))
    common = _read_common(shared, name, found) if shared else None
    questionnaires: dict[str, Questionnaire] = {}
    for file, its in marked.items():
        questionnaire = _validated(its, Questionnaire, found)
        found += within(its, shared if shared and shared.data else None)
        if questionnaire is not None:
            questionnaires[questionnaire.setting] = questionnaire
            if f"{questionnaire.setting}.yaml" != file:
                found.append(
                    its.mistake(("setting",), f"says {questionnaire.setting}, but the file is {file}")
                )
    found += across(marked)
    if not marked:
        found.append(Mistake(where, 1, 1, f"holds no questionnaire beside {COMMON_FILE}"))
    if found or common is None:
        raise Mistakes(found)
    ordered = sorted(questionnaires, key=lambda setting: (_place_in_order(setting), setting))
    return Edition(common, {setting: questionnaires[setting] for setting in ordered}, dict(texts))


def _read_common(marked: Marked, name: str, found: list[Mistake]) -> Common | None:
    common = _validated(marked, Common, found)
    found += within_common(marked)
    if common is not None and common.edition != name:
        found.append(marked.mistake(("edition",), f"says {common.edition}, but its folder is named {name}"))
    return common


def _place_in_order(setting: str) -> int:
    return SECTOR_ORDER.index(setting) if setting in SECTOR_ORDER else len(SECTOR_ORDER)


def _validated(marked: Marked, model: type[_Model], found: list[Mistake]) -> _Model | None:
    """The value of a whole file, or None with its mistakes added to `found`."""
    found += marked.mistakes
    if marked.data is None and marked.mistakes:
        return None
    try:
        value = model.model_validate(marked.data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        found += [_mistake(marked, model, problem) for problem in problems if not _follows(problem, problems)]
        return None
    return None if marked.mistakes else value


def _follows(problem: Any, problems: list[Any]) -> bool:
    """Whether a problem is only the shadow of another one that is named anyway."""
    if problem["type"] == "too_short":
        return bool(len(problem["input"]) >= problem["ctx"]["min_length"])
    if problem["type"] == "missing":
        *above, name = problem["loc"]
        misspelt = [
            other["loc"][-1]
            for other in problems
            if other["type"] == "extra_forbidden" and list(other["loc"][:-1]) == above
        ]
        return any(did_you_mean(str(word), [name]) for word in misspelt)
    return False


def _mistake(marked: Marked, model: type[BaseModel], problem: Any) -> Mistake:
    """One of pydantic's errors in the words of this project, at its place."""
    path = tuple(problem["loc"])
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "the file")
    if problem["type"] == "missing":
        return marked.mistake(path[:-1], f"“{name}” is missing")
    if problem["type"] == "extra_forbidden":
        known = list(_model_at(model, path[:-1]).model_fields)
        return marked.mistake(path, f"unknown field “{name}”{did_you_mean(name, known)}", of_key=True)
    return marked.mistake(path, f"“{name}” {_said(problem)}")


# What is said of each kind of error; an own check's message (values.py) is said as it is.
_SAID = {
    "string_too_long": "is longer than {max_length} characters",
    "bool_type": "is to be true or false, not {shown}",
    "int_type": "is to be a whole number, not {shown}",
    "greater_than_equal": "is to be a standard's number from 1 to 12, not {shown}",
    "less_than_equal": "is to be a standard's number from 1 to 12, not {shown}",
    "tuple_type": "is to be a list, but is {kind}",
    "too_short": "needs at least {min_length} in its list, and has {actual_length}",
    "too_long": "can have {max_length} in its list, and has {actual_length}",
    "model_type": "is to be a mapping of fields, but is {kind}",
    "model_attributes_type": "is to be a mapping of fields, but is {kind}",
}


def _said(problem: Any) -> str:
    kind, given, context = problem["type"], problem["input"], problem.get("ctx", {})
    if kind == "string_type" and isinstance(given, bool | int):
        return f"is to be text: put {str(given).lower()} in quotes"
    if kind == "string_type":
        return f"is to be text, but is {_kind_of(given)}"
    if kind == "string_pattern_mismatch" and context["pattern"].startswith("^[a-z]"):
        separator = "hyphens" if "-" in context["pattern"].removeprefix("^[a-z][a-z0-9]") else "underscores"
        return f"is to be lower-case letters and digits joined by {separator}, not {_shown(given)}"
    if kind == "string_pattern_mismatch":
        return f"is to be an address that begins with https://, not {_shown(given)}"
    if kind in _SAID:
        return _SAID[kind].format(**{**context, "shown": _shown(given), "kind": _kind_of(given)})
    return str(problem["msg"])


def _shown(given: object) -> str:
    if isinstance(given, bool | int):
        return str(given).lower()
    return f"“{given}”" if isinstance(given, str) else _kind_of(given)


def _kind_of(given: object) -> str:
    match given:
        case None:
            return "empty"
        case str():
            return "text"
        case bool():
            return "true or false"
        case int():
            return "a number"
        case tuple() | list():
            return "a list"
        case _:
            return "a mapping of fields"


def _model_at(model: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel]:
    """The class of the value that stands at a path below `model`."""
    for part in path:
        if isinstance(part, str):
            model = _model_in(model.model_fields[part].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
