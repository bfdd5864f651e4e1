"""The pages of findings in their states: one sector in full, a phase of it, and the rounds before."""

from tests.browser.serving import AUTUMN, FOUR_AREAS, SPRING
from tests.browser.states import OFFICER, SCRUTINEER, State, of_cycle

FINDINGS, SECTOR = "analysis/cycle.html", "analysis/sector.html"
INDICATORS, ROUNDS, RETURNS = (f"analysis/{name}.html" for name in ("indicators", "rounds", "returns"))
STATES = (
    State("findings", FINDINGS, "Standards by sector", of_cycle("/analysis", SPRING), OFFICER),
    State("findings-nothing-yet", FINDINGS, "Standards by sector", of_cycle("/analysis", AUTUMN), SCRUTINEER),
    State("findings-four-areas", FINDINGS, "Standards by sector", of_cycle("/analysis", FOUR_AREAS), OFFICER),
    State("sector", SECTOR, "Carried by", of_cycle("/analysis", SPRING, "/school"), OFFICER),
    State("sector-over-rounds", SECTOR, "Over the rounds", of_cycle("/analysis", AUTUMN, "/school"), OFFICER),
    State(
        "sector-phase",
        SECTOR,
        "Only: Primary",
        of_cycle("/analysis", SPRING, "/school?phase=primary"),
        OFFICER,
    ),
    State(
        "sector-nothing-yet",
        SECTOR,
        "0 of",
        of_cycle("/analysis", AUTUMN, "/voluntary"),
        SCRUTINEER,
    ),
    State(
        "indicators", INDICATORS, "Not asked", of_cycle("/analysis", SPRING, "/school/indicators"), OFFICER
    ),
    State("rounds", ROUNDS, "left out", of_cycle("/analysis", AUTUMN, "/school/rounds"), OFFICER),
    State(
        "rounds-none", ROUNDS, "no earlier", of_cycle("/analysis", SPRING, "/statutory/rounds"), SCRUTINEER
    ),
    State(
        "sector-returns",
        RETURNS,
        "has until",
        of_cycle("/analysis", AUTUMN, "/early_years/returns"),
        OFFICER,
    ),
)
