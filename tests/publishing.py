"""An officer's way from a finished round to a published summary, by the pages that lead there."""

from tests.pages import Page, Visitor


def write(officer: Visitor, address: str, place: str, text: str) -> Page:
    """Save a text of the summary at `address`, such as /learning/1/school."""
    return officer.send(officer.get(f"{address}/write/{place}"), text=text)


def confirmed(page: Page, **changes: str) -> dict[str, str]:
    """What is posted from the page that checks: every box ticked, no mail, no open link."""
    usual = {"tell": "no", "open": "no", "kind": "later", "why": "More have signed."}
    ticked = {str(box["name"]): "yes" for box in page.soup.select("#publish input[type=checkbox]")}
    there = {str(field["name"]) for field in page.soup.select("#publish [name]")}
    asked = {name: value for name, value in usual.items() if name in there}
    return {**page.fields("#publish"), **asked, **ticked, **changes}


def publish(
    officer: Visitor, cycle: int, sector: str = "school", *, foreword: str = "", **changes: str
) -> Page:
    """Publish, with everything confirmed that is asked for; the summary as the officer sees it then."""
    address = f"/learning/{cycle}/{sector}"
    if foreword:
        write(officer, address, "foreword", foreword)
    check = officer.get(f"{address}/publish/check")
    return officer.post(f"{address}/publish", confirmed(check, **changes))
