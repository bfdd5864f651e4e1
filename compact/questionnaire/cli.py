"""`compact questionnaires`: checking the files, and showing a whole set before starting."""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

import click

import config

from . import showing
from .marked import Mistake, Mistakes
from .near import did_you_mean
from .reading import NOT_READ, edition_folders, read_edition
from .values import Edition

FORMATS: Mapping[str, Callable[[Edition, str], str]] = MappingProxyType(
    {"text": showing.as_text, "json": showing.as_json, "csv": showing.as_csv}
)


@click.group()
def questionnaires() -> None:
    """What is asked."""


@questionnaires.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(exists=True, path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """List all mistakes as file:line:column: message.

    PATH is an edition's folder, a file in it, or a folder of editions; without PATH, every edition.
    """
    mistakes = [
        Mistake(str(path), 1, 1, NOT_READ) for path in paths if path.is_file() and path.suffix != ".yaml"
    ]
    for folder, files in _folders(paths or (config.from_environment().questionnaires,)).items():
        try:
            read_edition(folder)
        except Mistakes as found:
            mistakes += [each for each in found.mistakes if not files or Path(each.file) in {*files, folder}]
    if mistakes:
        raise Mistakes(mistakes)


@questionnaires.command()
@click.argument("edition_name", metavar="EDITION")
@click.argument("setting")
@click.option(
    "--format", "form", type=click.Choice([*FORMATS]), default="text", show_default=True, help="For whom."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; stdout by default.")
def show(edition_name: str, setting: str, form: str, out: Path | None) -> None:
    """The whole set for a setting type, to read before starting."""
    folders = {folder.name: folder for folder in edition_folders(config.from_environment().questionnaires)}
    if edition_name not in folders:
        _refuse("EDITION", f"there is no edition “{edition_name}”", edition_name, folders)
    edition = read_edition(folders[edition_name])
    if setting not in edition.settings:
        _refuse("SETTING", f"edition {edition_name} has no setting “{setting}”", setting, edition.settings)
    text = FORMATS[form](edition, setting)
    if out is None:
        click.echo(text.replace("\r\n", "\n"), nl=False)
    else:
        mark = "\ufeff" if form == "csv" else ""  # a spreadsheet knows UTF-8 by it
        try:
            out.write_text(mark + text, encoding="utf-8", newline="")
        except OSError as error:
            raise click.FileError(str(out), error.strerror) from error


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
