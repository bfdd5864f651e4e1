"""The made-up people of the demo, one for each role at the least; everyone knows their password."""

from dataclasses import dataclass

from compact.access.values import Role

from .places import HOST, PARTNERSHIPS, TRUST

PASSWORD = "compact demo 2026"  # noqa: S105 - it is printed; production refuses a database that holds it

OFFICER = "Ellis Wharton"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody with one role; `place` is the name of an organisation, a partnership or a trust."""

    name: str
    role: Role
    place: str
    job_title: str | None = None
    in_partnership: bool = False

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@demo.example"


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("Robin Ashdown", Role.SIGNATORY, "Larkfield Primary School", "Headteacher"),
    DemoPerson("Sam Oakes", Role.CONTRIBUTOR, "Larkfield Primary School", "Designated safeguarding lead"),
    DemoPerson("Jo Farrow", Role.READER, "Larkfield Primary School", "Chair of governors"),
    DemoPerson("Pat Linden", Role.SIGNATORY, "Acorn Nook Nursery", "Owner and manager"),
    DemoPerson("Lee Marsh", Role.SIGNATORY, "Wexcombe Community Health", "Director of nursing"),
    DemoPerson("Kit Barrow", Role.SIGNATORY, "Vale and Coast Police", "Assistant chief officer"),
    DemoPerson("Drew Hollis", Role.SIGNATORY, "Meadow Lane Youth Club", "Club leader"),
    DemoPerson("Max Tarn", Role.TRUST_LEAD, TRUST, "Trust safeguarding lead"),
    DemoPerson(OFFICER, Role.OFFICER, HOST, "Partnership officer", in_partnership=True),
    DemoPerson("Morgan Pell", Role.READER, HOST, "Independent scrutineer", in_partnership=True),
    DemoPerson("Ashley Croft", Role.OFFICER, PARTNERSHIPS[1][0], "Partnership officer", in_partnership=True),
    DemoPerson("Chris Vane", Role.ADMINISTRATOR, ""),
)
