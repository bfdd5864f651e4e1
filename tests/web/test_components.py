"""The macros: each against GOV.UK Frontend's (by the Jinja port), and typed text kept exactly and as text."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from markupsafe import Markup

from .rendering import HOSTILE, OURS, TEMPLATES, dom, ours, page, port, t

GRADES: list[dict[str, Any]] = [
    {"value": "good", "text": "Good", "hint": "All of it is in place"},
    {"value": "weak", "text": "Requires improvement"},
    {"value": "na", "text": "Not applicable", "hint": None},
]


def field(label_classes: str | None = None, **more: Any) -> dict[str, Any]:
    """The port's parameters of a field called lead; given label classes, its label is the page's heading."""
    label = t("Who leads?", classes=label_classes, isPageHeading=True) if label_classes else t("Who leads?")
    return {"name": "lead", "label": label, **more}


def legend(**more: object) -> dict[str, Any]:
    return {"legend": t("How good?", **more)}


SAID = {"hint": "A <role> will do", "error": "Enter who leads"}
PORT_SAID: dict[str, Any] = {"hint": t(SAID["hint"]), "errorMessage": t(SAID["error"])}
INNER = Markup("<p>inside</p>")
LEAD = ("lead", "Who leads?")
CHANGE = {"text": "Change", "href": "/c"}
REMOVE = {"text": "Remove", "href": "/r"}
PROBLEMS = [t("Choose a grade", href="#a"), t("Ask <someone>")]
OPTIONS = [{"value": "", "text": "Choose"}, {"value": "a", "text": "A & B"}]
PORT_GRADES = [
    {**GRADES[0], "hint": t("All of it is in place")},
    {"value": "weak", "text": "Requires improvement"},
    {"value": "na", "text": "Not applicable"},
]


def inner() -> Markup:
    return INNER


def input_with_everything() -> tuple[str, str]:
    same = {
        "value": '"x" & y',
        "type": "email",
        "autocomplete": "username",
        "inputmode": "email",
        "spellcheck": False,
    }
    return (
        ours("text_input", *LEAD, width=20, label_size="l", heading=1, **same, **SAID),
        port("input", field("govuk-label--l", classes="govuk-input--width-20", **same, **PORT_SAID)),
    )


def radios_with_everything() -> tuple[str, str]:
    yes = [{"value": "y", "text": "Yes", "checked": True}]
    look = {"inline": True, "small": True, "legend_size": "m", "heading": 1}
    fieldset = legend(classes="govuk-fieldset__legend--m", isPageHeading=True)
    classes = "govuk-radios--inline govuk-radios--small"
    return (
        ours("radios", "lead", "How good?", yes, **look, **SAID),
        port("radios", {"name": "lead", "fieldset": fieldset, "items": yes, "classes": classes, **PORT_SAID}),
    )


def summary_list() -> tuple[str, str]:
    change_school = [{**CHANGE, "hidden": "school"}]
    port_change_school = {"items": [{**CHANGE, "visuallyHiddenText": "school"}]}
    rows = [
        {"key": "School", "value": "St <Mary>", "actions": change_school},
        {"key": "Head", "value": INNER, "actions": [CHANGE, REMOVE]},
        {"key": "Lead", "value": "Sam"},
    ]
    port_rows = [
        {"key": t("School"), "value": t("St <Mary>"), "actions": port_change_school},
        {"key": t("Head"), "value": {"html": INNER}, "actions": {"items": [CHANGE, REMOVE]}},
        {"key": t("Lead"), "value": t("Sam")},
    ]
    return ours("summary_list", rows), port("summary-list", {"rows": port_rows})


def task_list() -> tuple[str, str]:
    blue = {"tag": t("In progress", classes="govuk-tag--blue")}
    cannot = t("Cannot start yet", classes="govuk-task-list__status--cannot-start-yet")
    items = [
        {"title": "Standard 1", "href": "/1", "status": "Complete"},
        {"title": "Standard 2", "href": "/2", "hint": "3 of 8", "status": "In progress", "colour": "blue"},
        {"title": "Sign off", "status": "Cannot start yet"},
    ]
    port_items = [
        {"title": t("Standard 1"), "href": "/1", "status": t("Complete")},
        {"title": t("Standard 2"), "href": "/2", "hint": t("3 of 8"), "status": blue},
        {"title": t("Sign off"), "status": cannot},
    ]
    return ours("task_list", items), port("task-list", {"items": port_items})


def table() -> tuple[str, str]:
    head, rows = ["Standard", "Weak", "Share"], [["1. Leadership", 9, "9.0%"], ["2. Workforce", 1, "<1%"]]

    def cells(row: list[Any]) -> list[dict[str, Any]]:
        return [t(row[0]), *(t(cell, format="numeric") for cell in row[1:])]

    look = {"captionClasses": "govuk-table__caption--m", "firstCellIsHeader": True}
    port_rows = [cells(row) for row in rows]
    return (
        ours("table", "Shares", head, rows, numeric=(1, 2), row_headers=True),
        port("table", {"caption": "Shares", "head": cells(head), "rows": port_rows, **look}),
    )


# fmt: off
# A table: what it is, ours, theirs.
PAIRS: dict[str, tuple[str, str]] = {
    "back link": (ours("back_link", "Back to tasks", "/t"), port("back-link", t("Back to tasks", href="/t"))),
    "button": (ours("button", "Save"), port("button", t("Save"))),
    "second button": (
        ours("button", "Stop", name="then", value="stop", secondary=True),
        port("button", t("Stop", name="then", value="stop", classes="govuk-button--secondary"))),
    "warning button": (
        ours("button", "Withdraw", warning=True, prevent_double_click=True),
        port("button", t("Withdraw", classes="govuk-button--warning", preventDoubleClick=True))),
    "link button": (
        ours("link_button", "Open", "/o", secondary=True),
        port("button", t("Open", href="/o", classes="govuk-button--secondary"))),
    "start button": (
        ours("link_button", "Start", "/s", start=True),
        port("button", t("Start", href="/s", isStartButton=True))),
    "error message": (ours("error_message", "No", id="a"), port("error-message", t("No", id="a"))),
    "error summary": (
        ours("error_summary", PROBLEMS),
        port("error-summary", {"titleText": "There is a problem", "errorList": PROBLEMS})),
    "text input": (ours("text_input", *LEAD), port("input", field())),
    "text input with everything": input_with_everything(),
    "password input": (ours("password_input", *LEAD), port("password-input", field())),
    "password input with everything": (
        ours("password_input", *LEAD, autocomplete="new-password", **SAID),
        port("password-input", field(autocomplete="new-password", **PORT_SAID))),
    "textarea": (ours("textarea", *LEAD), port("textarea", field())),
    "textarea with everything": (
        ours("textarea", *LEAD, value="one\n  two", rows=8, label_size="s", heading=1, **SAID),
        port("textarea", field("govuk-label--s", value="one\n  two", rows=8, **PORT_SAID))),
    "textarea with a limit": (
        ours("textarea", *LEAD, value="one", limit=4000),
        port("character-count", field(value="one", maxlength=4000))),
    "textarea with a limit and an error": (
        ours("textarea", *LEAD, value="one", limit=40, **SAID),
        port("character-count", field(value="one", maxlength=40, **PORT_SAID))),
    "select": (ours("select", *LEAD, OPTIONS, value="a"), port("select", field(value="a", items=OPTIONS))),
    "select with an error": (
        ours("select", *LEAD, [t("A", value="a", selected=True)], **SAID),
        port("select", field(items=[t("A", value="a", selected=True)], **PORT_SAID))),
    "radios": (
        ours("radios", "lead", "How good?", GRADES, value="weak"),
        port("radios", {"name": "lead", "fieldset": legend(), "items": PORT_GRADES, "value": "weak"})),
    "radios with everything": radios_with_everything(),
    "checkbox": (
        ours("checkbox", "lead", "I confirm", checked=True),
        port("checkboxes", {"name": "lead", "items": [t("I confirm", value="yes", checked=True)]})),
    "checkbox with everything": (
        ours("checkbox", "lead", "I confirm", value="1", **SAID),
        port("checkboxes", {"name": "lead", "errorMessage": PORT_SAID["errorMessage"],
                            "items": [t("I confirm", value="1", hint=PORT_SAID["hint"])]})),
    "fieldset": (
        ours("fieldset", "How good?", legend_size="l", heading=1, described_by="a", caller=inner),
        port("fieldset", {"describedBy": "a", "html": INNER,
                          **legend(classes="govuk-fieldset__legend--l", isPageHeading=True)})),
    "summary list": summary_list(),
    "summary list without actions or border": (
        ours("summary_list", [{"key": "School", "value": "St Mary"}], border=False),
        port("summary-list", {"classes": "govuk-summary-list--no-border",
                              "rows": [{"key": t("School"), "value": t("St Mary")}]})),
    "task list": task_list(),
    "tag": (ours("tag", "Late", "orange"), port("tag", t("Late", classes="govuk-tag--orange"))),
    "tag without a colour": (ours("tag", "Late"), port("tag", t("Late"))),
    "table": table(),
    "inset text": (ours("inset_text", "It closes soon"), port("inset-text", t("It closes soon"))),
    "inset markup": (ours("inset_text", caller=inner), port("inset-text", {"html": INNER})),
    "details": (ours("details", "Why?", "So"), port("details", t("So", summaryText="Why?"))),
    "open details with markup": (
        ours("details", "Why?", open=True, caller=inner),
        port("details", {"summaryText": "Why?", "html": INNER, "open": True})),
    "warning text": (ours("warning_text", "It is final"), port("warning-text", t("It is final"))),
    "panel": (
        ours("panel", "Signed", "Receipt 1", heading=2),
        port("panel", t("Receipt 1", titleText="Signed", headingLevel=2))),
    "panel with markup": (
        ours("panel", "Signed", caller=inner),
        port("panel", {"titleText": "Signed", "html": INNER})),
    "banner": (ours("notification_banner", "Soon"), port("notification-banner", t("Soon"))),
    "success banner": (
        ours("notification_banner", "Saved", success=True, title_id="second"),
        port("notification-banner", t("Saved", type="success", titleId="second"))),
    "banner with markup": (
        ours("notification_banner", title="Soon", caller=inner),
        port("notification-banner", {"titleText": "Soon", "html": INNER})),
}
# fmt: on


@pytest.mark.parametrize("component", PAIRS)
def test_a_macro_gives_the_dom_of_gov_uk_frontend(component: str) -> None:
    mine, theirs = PAIRS[component]

    assert dom(mine) == dom(theirs)


def test_every_macro_stands_in_the_file_of_its_name_and_is_compared() -> None:
    files = {path.stem for path in (TEMPLATES / "components").glob("[!_]*.html")}
    compared = set(re.findall(r'\bours\("(\w+)"', Path(__file__).read_text()))

    assert files <= compared
    assert all(callable(getattr(OURS.get_template(f"components/{name}.html").module, name)) for name in files)


def test_headings_may_have_the_level_that_the_page_needs() -> None:
    assert '<h2 class="govuk-fieldset__heading">How good?</h2>' in ours(
        "radios", "a", "How good?", GRADES, heading=2
    )
    assert ours("text_input", "a", "Lead", heading=3).count("h3") == 2


def test_a_wide_table_scrolls_in_a_named_box_that_the_keyboard_reaches() -> None:
    box = BeautifulSoup(ours("table", "Shares", ["A"], [["1"]], wide=True), "html5lib").select_one(
        ".compact-wide"
    )

    assert box is not None
    assert (box["role"], box["aria-label"], box["tabindex"]) == ("region", "Shares", "0")


@pytest.mark.parametrize(
    "typed",
    [
        "\nbegins with an empty line",
        "\n\n\nthree",
        "ends with spaces   ",
        "ends with a newline\n",
        "  indented\n\tand a tab\n\n    and more\n",
        "from a browser\r\nwith both signs\r\n",
        "\r\nempty line from a browser",
        "</textarea><script>alert(1)</script>&amp;&lt; \" '",
        " ",
        "",
    ],
)
def test_typed_text_comes_back_exactly(typed: str) -> None:
    """HTML reads CR LF as LF, and browsers send each line end of a textarea as CR LF: LF stands for both."""
    found = page(
        """{% from "components/textarea.html" import textarea %}
        {% from "components/fieldset.html" import fieldset %}
        {% block content %}
            {% call fieldset("Evidence") %}
                {{ textarea("plain", "Evidence", typed) }}
                {{ textarea("limited", "Evidence", typed, limit=4000, error="Too long") }}
            {% endcall %}
        {% endblock %}""",
        typed=typed,
    )

    assert [area.text for area in found.find_all("textarea")] == [typed.replace("\r\n", "\n")] * 2


HOSTILE_ROW = {
    "key": HOSTILE,
    "value": HOSTILE,
    "actions": [{"text": HOSTILE, "href": HOSTILE, "hidden": HOSTILE}],
}
HOSTILE_ITEM = {"value": HOSTILE, "text": HOSTILE, "hint": HOSTILE}
HOSTILE_TASK = {"title": HOSTILE, "href": HOSTILE, "hint": HOSTILE, "status": HOSTILE, "colour": HOSTILE}


@pytest.mark.parametrize(
    "html",
    [
        ours("back_link", HOSTILE, HOSTILE),
        ours("button", HOSTILE, HOSTILE, HOSTILE),
        ours("link_button", HOSTILE, HOSTILE),
        ours("contact", SimpleNamespace(contact_name=HOSTILE, contact_email=HOSTILE, contact_phone=HOSTILE)),
        ours("error_message", HOSTILE, HOSTILE),
        ours("error_summary", [{"text": HOSTILE, "href": HOSTILE}], HOSTILE),
        ours("text_input", HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, autocomplete=HOSTILE),
        ours("password_input", HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        ours("textarea", HOSTILE, HOSTILE, HOSTILE, hint=HOSTILE, error=HOSTILE, warning=HOSTILE),
        ours("select", HOSTILE, HOSTILE, [HOSTILE_ITEM], HOSTILE, HOSTILE, HOSTILE),
        ours("radios", HOSTILE, HOSTILE, [HOSTILE_ITEM, HOSTILE_ITEM], HOSTILE, HOSTILE, HOSTILE),
        ours("checkbox", HOSTILE, HOSTILE, HOSTILE, hint=HOSTILE, error=HOSTILE),
        ours("fieldset", HOSTILE, caller=lambda: ""),
        ours("summary_list", [HOSTILE_ROW]),
        ours("task_list", [HOSTILE_TASK], HOSTILE),
        ours("tag", HOSTILE, HOSTILE),
        ours("table", HOSTILE, [HOSTILE], [[HOSTILE, HOSTILE]], row_headers=True, wide=True),
        ours("inset_text", HOSTILE),
        ours("details", HOSTILE, HOSTILE),
        ours("warning_text", HOSTILE),
        ours("panel", HOSTILE, HOSTILE),
        ours("notification_banner", HOSTILE, title=HOSTILE, title_id=HOSTILE),
    ],
)
def test_text_is_text_and_never_markup(html: str) -> None:
    found = BeautifulSoup(html, "html5lib")

    assert found.find("b") is None
    assert HOSTILE in found.get_text()


@pytest.mark.parametrize(
    "make",
    [
        lambda: ours("text_input", "lead", "Who leads?", **SAID),
        lambda: ours("password_input", "lead", **SAID),
        lambda: ours("textarea", "lead", "Who leads?", limit=40, **SAID),
        lambda: ours("select", "lead", "Who leads?", [], **SAID),
        lambda: ours("radios", "lead", "How good?", GRADES, **SAID),
        lambda: ours("checkbox", "lead", "I confirm", **SAID),
    ],
)
def test_a_link_of_the_summary_leads_to_the_field_which_names_its_hint_and_error(
    make: Callable[[], str],
) -> None:
    found = page(
        "{% block title %}A{% endblock %}{% block content %}{{ field }}{% endblock %}",
        problems=[{"text": "Enter who leads", "href": "#lead"}],
        field=Markup(make()),  # noqa: S704 - our own macro made it
    )
    link = found.select_one(".govuk-error-summary a")
    assert link is not None
    target = found.find(id=str(link["href"]).removeprefix("#"))
    assert isinstance(target, Tag)
    described = target.find_parent("fieldset") or target
    said = [found.find(id=name) for name in str(described["aria-describedby"]).split()]

    assert target.name in {"input", "textarea", "select"}
    assert found.find("label", attrs={"for": "lead"})
    texts = [element.get_text() for element in said if element]
    assert SAID["hint"] in texts
    assert f"Error: {SAID['error']}" in texts
    assert None not in said


@pytest.mark.parametrize("macro", ["textarea", "text_input"])
def test_a_warning_stands_between_hint_and_error_and_describes_the_field(macro: str) -> None:
    found = BeautifulSoup(ours(macro, *LEAD, warning="Look <again>", **SAID), "html5lib")
    field = found.select_one("[name=lead]")
    assert field is not None

    ids = str(field["aria-describedby"]).split()
    assert ids == ["lead-hint", "lead-warning", "lead-error"]
    assert [each["id"] for each in found.select("[id^=lead-]")] == ids
    assert found.select("#lead-warning")[0].get_text() == "Look <again>"
    assert "lead-warning" not in ours(macro, *LEAD, **SAID)
