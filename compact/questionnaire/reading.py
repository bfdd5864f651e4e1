"""YAML files -> frozen values, with every mistake of every file at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from .checks import across, within, within_common
from .marked import Marked, Mistake, Mistakes, normal, read_marked
from .near import nearest, unknown
from .values import Common, Edition, Questionnaire

COMMON_FILE = "standards.yaml"
# The longest of the first edition has 50 kB. What is larger is something else that got into the folder.
LARGEST_FILE = 1_000_000
NOT_READ = "is not read: let its name end in .yaml"
# The order in which sectors are listed; a setting type that is not named here comes after these, by name.
SECTOR_ORDER = ("school", "early_years", "statutory", "hips", "voluntary")

_Model = TypeVar("_Model", bound=BaseModel)


def read_editions(root: Path) -> dict[str, Edition]:
    """Every edition below `root`, by name. Raises Mistakes with all mistakes of all of them."""
    editions: dict[str, Edition] = {}
    mistakes: list[Mistake] = []
    for folder in edition_folders(root):
        try:
            edition = read_edition(folder)
        except Mistakes as found:
            mistakes += found.mistakes
        else:
            editions[edition.name] = edition
    if mistakes:
        raise Mistakes(mistakes)
    return editions


def edition_folders(root: Path) -> list[Path]:
    """The folders of the editions, by name. Raises Mistakes when there is none."""
    inside = sorted(root.iterdir()) if root.is_dir() else []
    folders = [folder for folder in inside if folder.is_dir() and not folder.name.startswith(".")]
    if not folders:
        raise Mistakes([Mistake(str(root), 1, 1, "holds no edition: expected a folder such as 2026")])
    return folders


def read_edition(folder: Path) -> Edition:
    """The edition in a folder that is named after it. Raises Mistakes."""
    texts: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for path in sorted(each for each in folder.iterdir() if not each.name.startswith(".")):
        if path.suffix == ".yaml":
            text = text_of(path)
            if isinstance(text, Mistake):
                mistakes.append(text)
            else:
                texts[path.name] = text
        elif path.suffix.lower() in (".yaml", ".yml"):
            mistakes.append(Mistake(str(path), 1, 1, NOT_READ))
    return edition_of(folder.resolve().name, texts, where=str(folder), mistakes=mistakes)


def text_of(path: Path) -> str | Mistake:
    """A file's text, the same whatever the checkout's line ends, or why there is none."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return Mistake(str(path), 1, 1, f"is larger than {LARGEST_FILE // 1_000_000} MB")
        return normal(path.read_bytes().decode())
    except UnicodeDecodeError as error:
        before = normal(error.object[: error.start].decode())
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Mistake(str(path), line, column, "is not UTF-8: save the file as UTF-8")
    except OSError as error:
        return Mistake(str(path), 1, 1, f"cannot be read: {error.strerror}")


def edition_of(
    name: str, texts: Mapping[str, str], *, where: str, mistakes: Iterable[Mistake] = ()
) -> Edition:
    """An edition from its files' texts, by file name. `where` stands before the names in mistakes."""
    found = list(mistakes)
    marked = {file: read_marked(f"{where}/{file}", text) for file, text in texts.items()}
    shared = marked.pop(COMMON_FILE, None)
    common = _validated(shared, Common, found) if shared else None
    if shared:
        found += _besides(within_common(shared), found)
    elif all(mistake.file != f"{where}/{COMMON_FILE}" for mistake in found):
        found.append(Mistake(f"{where}/{COMMON_FILE}", 1, 1, "the file is missing"))
    if shared and common and common.edition != name:
        found.append(shared.mistake(("edition",), f"says {common.edition}, but its folder is named {name}"))
    read = {file: _validated(its, Questionnaire, found) for file, its in marked.items()}
    found += _besides(across(marked), found)
    for its in marked.values():
        found += _besides(within(its, shared), found)
    found += _wrongly_named(marked)
    if not marked and not found:
        found.append(Mistake(where, 1, 1, f"holds no questionnaire beside {COMMON_FILE}"))
    if found or common is None:
        raise Mistakes(found)
    by_setting = {each.setting: each for each in read.values() if each}
    ordered = sorted(by_setting, key=lambda setting: (_place_in_order(setting), setting))
    return Edition(
        common,
        MappingProxyType({setting: by_setting[setting] for setting in ordered}),
        MappingProxyType(dict(texts)),
    )


def _wrongly_named(files: Mapping[str, Marked]) -> Iterator[Mistake]:
    """A setting's file is named after it."""
    for file, marked in files.items():
        setting = marked.data.get("setting") if isinstance(marked.data, dict) else None
        if isinstance(setting, str) and ("setting",) not in marked.doubtful and f"{setting}.yaml" != file:
            yield marked.mistake(("setting",), f"says {setting}, but the file is {file}")


def _besides(more: Iterable[Mistake], found: Sequence[Mistake]) -> list[Mistake]:
    """The mistakes at places where none is named yet: what is wrong twice over is wrong once."""
    taken = {(mistake.file, mistake.line, mistake.column) for mistake in found}
    return [mistake for mistake in more if (mistake.file, mistake.line, mistake.column) not in taken]


def _place_in_order(setting: str) -> int:
    return SECTOR_ORDER.index(setting) if setting in SECTOR_ORDER else len(SECTOR_ORDER)


def _validated(marked: Marked, model: type[_Model], found: list[Mistake]) -> _Model | None:
    """The value of a whole file, or None with its mistakes added to `found`."""
    found += marked.mistakes
    if marked.data is None:
        marked.doubtful.add(())
        return None
    try:
        value = model.model_validate(marked.data)
    except ValidationError as error:
        # Unknown fields first: a misspelt one makes the one that was meant doubtful, not missing.
        by_kind = sorted(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")
        found += [mistake for problem in by_kind if (mistake := _mistake(marked, model, problem))]
        return None
    return None if marked.mistakes else value


def _mistake(marked: Marked, model: type[BaseModel], problem: Any) -> Mistake | None:
    """One of pydantic's errors in the words of this project, or None where it only follows from another."""
    path = tuple(problem["loc"])
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    kind = problem["type"]
    # A list that is too short because some of its things are wrong is not too short.
    follows = kind == "too_short" and len(problem["input"]) >= problem["ctx"]["min_length"]
    follows = follows or (kind == "missing" and path[:-1] in marked.doubtful)
    if follows or (kind != "extra_forbidden" and path in marked.doubtful):
        return None
    marked.doubtful.add(path)
    if kind == "missing":
        return marked.mistake(path[:-1], f"“{name}” is missing")
    if kind == "extra_forbidden":
        fields = [*_model_at(model, path[:-1]).model_fields]
        meant = (*path[:-1], nearest(name, fields) or name)
        if meant not in marked.keys:
            marked.doubtful.add(meant)
        return marked.mistake(path, unknown("field", name, fields), of_key=True)
    what = f"an item of “{name}”" if path and isinstance(path[-1], int) else f"“{name}”"
    return marked.mistake(path, f"{what if path else 'the file'} {_said(problem)}")


# What is said of each kind of error; an own check's message (values.py) is said as it is.
_SAID = {
    "string_too_long": "is longer than {max_length} characters",
    "bool_type": "is to be true or false, not {shown}{unquote}",
    "int_type": "is to be a whole number, not {shown}{unquote}",
    "greater_than_equal": "is to be the number of a standard, 1 to 12, not {shown}",
    "less_than_equal": "is to be the number of a standard, 1 to 12, not {shown}",
    "tuple_type": "is to be a list, but is {kind}",
    "too_short": "needs at least {min_length} in its list, and has {actual_length}",
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
        separator = "hyphens" if "(-" in context["pattern"] else "underscores"
        return f"is to be lower-case letters and digits joined by {separator}, not {_shown(given)}"
    if kind == "string_pattern_mismatch":
        return f"is to be an address that begins with https://, not {_shown(given)}"
    if kind in _SAID:
        quoted = isinstance(given, str) and (
            given in ("true", "false") or (given.isdecimal() and given[0] != "0")
        )
        unquote = ": take the quotes away" if quoted else ""
        words = {**context, "shown": _shown(given), "kind": _kind_of(given), "unquote": unquote}
        return _SAID[kind].format(**words)
    return str(problem["msg"])


def _shown(given: object) -> str:
    if isinstance(given, bool | int):
        return str(given).lower()
    return f"“{given}”" if isinstance(given, str) else _kind_of(given)


def _kind_of(given: object) -> str:
    match given:
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
