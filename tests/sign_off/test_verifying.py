"""Whether a signed return is what was signed: the page, the file, a program that needs nothing of ours."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

import config
from compact.returns.models import Answer as AnswerTable
from compact.returns.rules import Answer
from tests.conftest import school_begun
from tests.making import ASKED_SCHOOL_KEYS, World
from tests.pages import Visitor
from tests.prepared import Prepared
from tests.school import School

PROGRAM = config.ROOT / "docs" / "verify_sign_off.py"
EVIDENCE = "Seen by “a reviewer” – café, 5 \U0001f642\n<b>plain</b>"


@pytest.fixture
def signed(world: World, prepared: Prepared, visit: Callable[[str], Visitor]) -> School:
    return School(world, *prepared.on(world, _signed, visit), visit)


def _signed(world: World, visit: Callable[[str], Visitor]) -> tuple[int, int, int]:
    begun = school_begun(world)
    school = School(world, *begun, visit)
    answers = {key: Answer("good", evidence=EVIDENCE) for key in ASKED_SCHOOL_KEYS}
    school.world.answer(school.return_id, answers)
    assert school.sign().h1 == "Return signed"
    return begun


@pytest.fixture
def file(signed: School, tmp_path: Path) -> Path:
    """What was signed, as it is downloaded."""
    response = signed.head().client.get(signed.address("/signed.json"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="signed-SC-000001.json"'
    path = tmp_path / "signed.json"
    path.write_bytes(response.data)
    return path


def checked(path: Path) -> tuple[int, str]:
    """How the independent program ends, and all that it says."""
    ended = subprocess.run([sys.executable, "-I", PROGRAM, path], capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def test_the_receipt_leads_to_the_page_that_works_it_out_again(signed: School) -> None:
    head = signed.head()
    page = head.get(str(head.get(signed.address("/receipt")).link("Check whether it still")["href"]))

    assert page.h1 == "Is it still what was signed?"
    assert "Yes. It was worked out again just now" in page.text
    assert "SC-000001" in page.text


def test_the_page_says_no_when_an_answer_was_changed(signed: School) -> None:
    with signed.world.session() as session:
        session.execute(update(AnswerTable).where(AnswerTable.key == "bullying").values(grade="outstanding"))
        session.commit()

    page = signed.head().get(signed.address("/verify"))

    assert "No. The answer kept for “bullying” is not the one that was signed." in page.text
    assert "Yes." not in page.text


@pytest.mark.parametrize("rest", ["/verify", "/signed.json"])
def test_there_is_nothing_to_verify_before_it_is_signed(school: School, rest: str) -> None:
    assert school.head().open(school.address(rest)).status == 404


def test_an_independent_program_agrees(file: Path) -> None:
    code, said = checked(file)

    assert code == 0, said
    assert "SC-000001: Larkfield School, signed by Robin Head, Headteacher" in said
    assert f"{len(ASKED_SCHOOL_KEYS)} answers, 0 actions" in said


def test_the_program_names_whom_a_delegate_signed_for(school: School, tmp_path: Path) -> None:
    school.answer_all()
    typed = {"authority__name": "Jo Farrow", "authority__job__title": "Chair of governors"}
    assert school.sign(authority="delegate", **typed).h1 == "Return signed"
    path = tmp_path / "signed.json"
    path.write_bytes(school.head().client.get(school.address("/signed.json")).data)

    code, said = checked(path)

    assert code == 0, said
    assert "on behalf of Jo Farrow, Chair of governors" in said


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("café", "cafe", "does not fit its hash"),
        ("Robin Head", "Robin Hood", "does not fit its hash"),
        ('"kind":"own"', '"kind":"one"', "does not fit its hash"),
        ('"method":"password"', '"method":"passkey"', "does not fit its hash"),
        ("I take responsibility.", "I take no responsibility.", "does not fit its hash"),
        ('"profile":', '"profile": ', "canonical form"),
    ],
)
def test_one_changed_character_is_found(file: Path, old: str, new: str, why: str) -> None:
    data = json.loads(file.read_text(encoding="utf-8"))
    assert old in data["content"]
    data["content"] = data["content"].replace(old, new, 1)
    file.write_text(json.dumps(data), encoding="utf-8")

    code, said = checked(file)

    assert code == 1
    assert why in said


def test_another_place_in_the_chain_is_found(file: Path) -> None:
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**data, "previous_hash": "1" * 64}), encoding="utf-8")

    assert "follows another sign-off" in checked(file)[1]


def test_what_the_documentation_says_is_signed_is_what_is_signed(file: Path) -> None:
    content = json.loads(json.loads(file.read_text(encoding="utf-8"))["content"])
    documented = (config.ROOT / "docs" / "sign-off.md").read_text(encoding="utf-8")

    assert {part for part in content if f"| `{part}` |" not in documented} == set()
