"""`compact questionnaires`: checking the files, and showing a whole set before starting."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

import click

import config
from compact.documents.tables import as_table, to_csv
from compact.documents.typeset import CannotPrint

from . import printing, published, showing, wording
from .marked import Mistake, Mistakes
from .measuring import measure, shared_keys
from .near import did_you_mean
from .reading import NOT_READ, edition_folders, read_edition
from .values import STANDARD_NUMBERS, Edition

FORMATS: Mapping[str, Callable[[Edition, str], str]] = MappingProxyType(
    {"text": showing.as_text, "json": showing.as_json, "csv": showing.as_csv}
)
FIGURES = ("setting", *map(str, STANDARD_NUMBERS), "indicators", "words", "sentence", "minutes", "shared")


@click.group()
def questionnaires() -> None:
    """What is asked."""


@questionnaires.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(exists=True, path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """List all mistakes as file:line:column: message.

    PATH is an edition's folder, a file in it, or a folder of editions; without PATH, every edition. A file
    without mistakes is named with what it asks of a reader.
    """
    mistakes = [
        Mistake(str(path), 1, 1, NOT_READ) for path in paths if path.is_file() and path.suffix != ".yaml"
    ]
    for folder, files in _folders(paths or (config.from_environment().questionnaires,)).items():
        edition, found = _checked(folder)
        mistakes += [each for each in found if not files or Path(each.file) in {*files, folder}]
        if edition and not found:
            click.echo("\n".join(_measured(edition, folder, files)))
    if mistakes:
        raise Mistakes(mistakes)


@questionnaires.command()
@click.argument("edition_name", metavar="EDITION")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
def figures(edition_name: str, form: str) -> None:
    """How much each setting type is asked: indicators by standard, words, minutes.

    words: those to be read before grading; sentence: words in a sentence, on average; minutes: to read at 200
    words a minute; shared: indicators whose key other settings have too.
    """
    edition = read_edition(_edition_folder(edition_name))
    rows = _figures(edition)
    click.echo(
        to_csv(FIGURES, rows).replace("\r\n", "\n") if form == "csv" else as_table(FIGURES, rows) + "\n",
        nl=False,
    )


@questionnaires.command()
@click.argument("edition_name", metavar="EDITION")
def publish(edition_name: str) -> None:
    """Write down what every indicator says, so that `check` names any later change.

    For an edition that is finished; done again, it shows in a comparison what was changed on purpose.
    """
    folder = _edition_folder(edition_name)
    text = published.published(read_edition(folder))
    (folder / published.FILE).write_text(text, encoding="utf-8", newline="")
    click.echo(f"{folder / published.FILE}: {len(text.splitlines()) - 1} indicators")


@questionnaires.command()
@click.argument("edition_name", metavar="EDITION")
@click.argument("setting")
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMATS, "pdf"]),
    default="text",
    show_default=True,
    help="For whom; pdf wants --out.",
)
@click.option(
    "--by",
    type=click.Choice([*printing.ORDERS]),
    default="standard",
    show_default=True,
    help="pdf: all the questions in order, or the evidence to gather by the person to ask.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; stdout by default.")
def show(edition_name: str, setting: str, form: str, by: str, out: Path | None) -> None:
    """The whole set for a setting type, to read before starting."""
    if form == "pdf" and out is None:
        raise click.UsageError("A PDF goes to a file: name one with --out.")
    edition = read_edition(_edition_folder(edition_name))
    if setting not in edition.settings:
        _refuse("SETTING", f"edition {edition_name} has no setting “{setting}”", setting, edition.settings)
    if out is None:
        click.echo(FORMATS[form](edition, setting).replace("\r\n", "\n"), nl=False)
        return
    try:
        out.write_bytes(_file(edition, setting, form, by))
    except CannotPrint as error:
        click.echo(f"{setting}.yaml: {error}", err=True)
        raise SystemExit(1) from error
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error


def _file(edition: Edition, setting: str, form: str, by: str) -> bytes:
    if form == "pdf":
        return printing.as_pdf(edition, setting, by)
    mark = "\ufeff" if form == "csv" else ""  # a spreadsheet knows UTF-8 by it
    return (mark + FORMATS[form](edition, setting)).encode()


def _checked(folder: Path) -> tuple[Edition | None, list[Mistake]]:
    """An edition, if it can be read; what is wrong with its files, or if nothing is, with their words."""
    try:
        edition = read_edition(folder)
    except Mistakes as found:
        return None, found.mistakes
    return edition, [*wording.mistakes(edition, str(folder)), *published.mistakes(edition, folder)]


def _measured(edition: Edition, folder: Path, files: Collection[Path]) -> Iterator[str]:
    for setting, questionnaire in edition.questionnaires.items():
        file, much = folder / f"{setting}.yaml", measure(questionnaire)
        if not files or file in files:
            yield (
                f"{file}: {much.indicators} indicators, {much.words:,} words to read in "
                f"{much.minutes_to_read} minutes, {much.mean_sentence:.1f} words a sentence"
            )


def _figures(edition: Edition) -> list[tuple[str | int, ...]]:
    shared = shared_keys(edition.questionnaires.values())
    rows: list[tuple[str | int, ...]] = []
    for setting, questionnaire in edition.questionnaires.items():
        much = measure(questionnaire)
        by_standard = [len(questionnaire.by_standard[number]) for number in STANDARD_NUMBERS]
        rows.append(
            (
                setting,
                *by_standard,
                much.indicators,
                much.words,
                f"{much.mean_sentence:.1f}",
                much.minutes_to_read,
                len(shared & set(questionnaire.by_key)),
            )
        )
    return rows


def _edition_folder(name: str) -> Path:
    folders = {folder.name: folder for folder in edition_folders(config.from_environment().questionnaires)}
    if name not in folders:
        _refuse("EDITION", f"there is no edition “{name}”", name, folders)
    return folders[name]


def _refuse(argument: str, message: str, word: str, known: Collection[str]) -> NoReturn:
    """End with 1: the input names something that is not there."""
    near = did_you_mean(word, known) or f"; there is {', '.join(known)}"
    click.echo(f"{argument}: {message}{near}", err=True)
    raise SystemExit(1)


def _folders(paths: Iterable[Path]) -> dict[Path, set[Path]]:
    """The editions' folders to read, each with the files that were asked for (none: all)."""
    folders: dict[Path, set[Path]] = {}
    for path in paths:
        if path.is_file():
            if folders.get(path.parent) != set():
                folders.setdefault(path.parent, set()).add(path)
        elif any(path.glob("*.y*ml")):
            folders[path] = set()
        else:
            folders.update((folder, set()) for folder in edition_folders(path))
    return folders
