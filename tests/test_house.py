"""What holds of the whole house: small functions, few who commit, a light start."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "compact").rglob("*.py"))
LONGEST_FUNCTION, LONGEST_FILE = 40, 400


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.count("\n") <= LONGEST_FILE
    for function in _functions(path):
        assert function.end_lineno is not None
        assert function.end_lineno - function.lineno < LONGEST_FUNCTION, function.name


def test_only_views_and_commands_commit() -> None:
    commit = {
        str(path.relative_to(ROOT))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }

    # The guard writes a refusal and a read from outside down, each by a transaction of its own.
    assert {path for path in commit if not path.endswith(("views.py", "cli.py"))} == {
        "compact/access/noting.py"
    }


def test_starting_the_application_does_not_load_pandas() -> None:
    program = "import compact, compact.cli, sys; sys.exit('pandas' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_nothing_names_this_machine_or_a_registry() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    words = ("/work" + "/", "pypi" + ".org", "registry." + "npmjs")
    found = [
        f"{name}: {word}"
        for name in tracked.splitlines()
        if (ROOT / name).is_file() and not name.endswith(".png")
        for word in words
        if word in (ROOT / name).read_text(encoding="utf-8", errors="replace")
    ]

    assert found == []


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
