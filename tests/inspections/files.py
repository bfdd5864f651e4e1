"""Made-up files in the format of Ofsted's “latest inspections”."""

from pathlib import Path

COMMON = ("Web Link (opens in new window)", "URN", "School name", "Publication date")
OEIF_ON = "Inspection start date of latest OEIF graded inspection"
OEIF = (
    OEIF_ON,
    "Latest OEIF overall effectiveness",
    "Latest OEIF quality of education",
    "Latest OEIF behaviour and attitudes",
    "Latest OEIF personal development",
    "Latest OEIF effectiveness of leadership and management",
    "Latest OEIF  safeguarding is effective?",
    "Latest OEIF early years provision (where applicable)",
)
CARD = (
    "Inspection start date",
    "Safeguarding standards",
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Early years (where applicable)",
    "Post-16 provision (where applicable)",
    "Leadership and governance",
)
HEAD = (*COMMON, *CARD, *OEIF)


def row(urn: str = "100001", published: str = "20/03/2026", **changes: str) -> dict[str, str]:
    """A school's row without any result; the changes by short names of columns."""
    cells = dict.fromkeys(HEAD, "NULL")
    cells |= {"URN": urn, "School name": "Larkfield School", "Publication date": published}
    return cells | {SHORT[name]: value for name, value in changes.items()}


SHORT = {
    "on": OEIF_ON,
    "overall": OEIF[1],
    "education": OEIF[2],
    "behaviour": OEIF[3],
    "leadership": OEIF[5],
    "effective": OEIF[6],
    "early": OEIF[7],
    "card_on": CARD[0],
    "safeguarding": CARD[1],
    "inclusion": CARD[2],
    "attendance": CARD[5],
    "card_early": CARD[7],
    "governance": CARD[9],
}


def graded(urn: str = "100001", **changes: str) -> dict[str, str]:
    """A row with an inspection of 6 December 2022, graded 1 to 4 with an overall grade."""
    says = {"on": "06/12/2022", "overall": "2", "behaviour": "1", "leadership": "2", "effective": "Yes"}
    return row(urn, **{"published": "26/01/2023", **says, **changes})


def card(urn: str = "100001", **changes: str) -> dict[str, str]:
    """A row with a report card of 3 February 2026."""
    says = {
        "card_on": "03/02/2026",
        "safeguarding": "Met",
        "inclusion": "Strong standard",
        "attendance": "Expected standard",
        "governance": "Needs attention",
    }
    return row(urn, **{**says, **changes})


def ofsted_file(path: Path, *rows: dict[str, str], head: tuple[str, ...] = HEAD) -> Path:
    lines = [head, *([each.get(column, "") for column in head] for each in rows)]
    path.write_bytes(
        "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines).encode("cp1252")
    )
    return path


def counts(**some: int) -> str:
    names = ("added", "changed", "unchanged", "left_out", "refused")
    return ", ".join(f"{name.replace('_', ' ')} {some.get(name, 0)}" for name in names) + "\n"
