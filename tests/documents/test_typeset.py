"""PDFs: tagged for screen readers, the same every time, and fed as text only."""

import re
import resource
from pathlib import Path

import pytest

from compact.documents import typeset
from compact.documents.typeset import CannotPrint, pdf

TEMPLATE = "questionnaire/set.typ"


def data(text: str) -> dict[str, object]:
    section = {"label": "Evidence", "texts": [text, text], "tick": True}
    item = {"heading": text, "note": text, "sections": [section, {**section, "label": None, "tick": False}]}
    part = {"heading": text, "about": [text], "items": [item], "anchor": "part-1"}
    return {
        "title": text,
        "subtitle": text,
        "publisher": text,
        "footer": text,
        "opening": [text],
        "parts": [part, {**part, "anchor": "part-2"}, {**part, "anchor": "part-3"}],
    }


def test_a_pdf_is_tagged_and_says_its_language_and_title() -> None:
    made = pdf(TEMPLATE, data("Plain words"))

    assert made.startswith(b"%PDF-")
    for needed in (b"/StructTreeRoot", b"/MarkInfo", b"/Marked true", b"/DisplayDocTitle true", b"pdfuaid"):
        assert needed in made, needed
    assert re.search(rb"/Lang ?\(en-GB\)", made)


def test_its_typeface_goes_with_it() -> None:
    assert b"LiberationSans" in pdf(TEMPLATE, data("Plain words"))


def test_the_same_data_gives_the_same_bytes() -> None:
    assert pdf(TEMPLATE, data("Plain words")) == pdf(TEMPLATE, data("Plain words"))


def test_texts_are_printed_and_never_run() -> None:
    """F6. What looks like the typesetter's own language, an import or a file is text like any other."""
    for hostile in (
        '#panic("run")',
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0"',
        '#image("http://127.0.0.1:9/x.png")',
        "$x^2$ *bold* _it_ `code` \\ // comment",
        "= heading\n- list\n+ other @label <label>",
        "\u202eabc =1+1 ąßΩЖ",
    ):
        assert pdf(TEMPLATE, data(hostile)).startswith(b"%PDF-")


def test_a_character_that_the_typeface_lacks_is_named() -> None:
    with pytest.raises(CannotPrint, match="“\U0001f642” cannot be printed"):
        pdf(TEMPLATE, data("A smile \U0001f642"))


def test_four_hundred_pages_are_made() -> None:
    many = data("Plain words. " * 400)
    assert len(re.findall(rb"/Type ?/Page\b", pdf(TEMPLATE, many))) > 0


def test_a_paper_that_wants_too_much_memory_ends_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """F6: the typesetter is stopped; whoever asked for the paper goes on and takes none of its memory."""
    greedy = '#set document(title: "x")\n#range(0, 90000000).len()'  # 32 bytes for each of them
    (tmp_path / "greedy.typ").write_text(greedy, encoding="utf-8")
    monkeypatch.setattr(typeset, "TEMPLATES", tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(RuntimeError, match="The typesetter ended with"):
        pdf("greedy.typ", {})

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_mistake_in_a_template_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "wrong.typ").write_text("#nothing-of-that-name", encoding="utf-8")
    monkeypatch.setattr(typeset, "TEMPLATES", tmp_path)

    with pytest.raises(RuntimeError, match="unknown variable"):
        pdf("wrong.typ", {})
