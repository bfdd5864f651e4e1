"""`compact questionnaires`: checking the files, and showing a whole set before starting."""

from pathlib import Path

import click

import config

from .marked import Mistakes
from .reading import read_edition


@click.group()
def questionnaires() -> None:
    """What is asked."""


@questionnaires.command()
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(exists=True, path_type=Path))
def check(paths: tuple[Path, ...]) -> None:
    """List all mistakes as file:line:column: message. PATH is an edition's folder or a file in it."""
    mistakes = []
    for folder, files in _folders(paths).items():
        try:
            read_edition(folder)
        except Mistakes as found:
            mistakes += [
                mistake
                for mistake in found.mistakes
                if not files or Path(mistake.file) in files or Path(mistake.file) == folder
            ]
    if mistakes:
        raise Mistakes(mistakes)


def _folders(paths: tuple[Path, ...]) -> dict[Path, set[Path]]:
    """The editions' folders to read, each with the files that were asked for (none: all)."""
    if not paths:
        root = config.from_environment().questionnaires
        return {folder: set() for folder in sorted(root.iterdir()) if folder.is_dir()}
    folders: dict[Path, set[Path]] = {}
    for path in paths:
        if path.is_dir():
            folders[path] = set()
        elif folders.get(path.parent) != set() or path.parent not in folders:
            folders.setdefault(path.parent, set()).add(path)
    return folders
