"""A person at a keyboard: Tab, arrows, Space, Enter and letters, and never a mouse."""

import re

from playwright.sync_api import Locator, Page

MANY_TABS = 200
# What is farther away than so many stops is walked to over the last of them. One journey of the campaign
# walks every way from its beginning.
FAR = 5
# How often Tab has to be pressed, by the order of the page, from where the walk begins: of a group of radio
# buttons one is a stop. Less than 1 where the target has the focus, or is no stop.
STOPS_TO = """([target, far]) => {
    const holders = 'a[href], button, input, select, textarea, summary, [tabindex]';
    const isSeen = each => each.tabIndex >= 0 && !each.disabled
        && each.checkVisibility({visibilityProperty: true});
    const seen = [...document.querySelectorAll(holders)].filter(isSeen);
    const group = each => seen.filter(
        other => other.type === 'radio' && other.name === each.name && other.form === each.form);
    const stands = each => each === (group(each).find(other => other.checked) || group(each)[0]);
    const stops = seen.filter(each => each.type !== 'radio' || stands(each));
    const from = stops.indexOf(document.activeElement), to = stops.indexOf(target);
    if (to < 0 || (from <= to && to - from <= far)) return to - from;
    stops[Math.max(to - far, 0)].focus();
    return Math.min(to, far);
}"""
LOOK = """element => {
    const box = element.getBoundingClientRect();
    const isInView = box.bottom > 0 && box.top < window.innerHeight
        && box.right > 0 && box.left < window.innerWidth;
    return [element === document.activeElement, isInView];
}"""


class Keyboard:
    """Works on one page. Names are what is read out: labels, legends, the words of buttons and links."""

    def __init__(self, page: Page, far: int = FAR) -> None:
        self.page = page
        self.far = far

    def go_to(self, target: Locator) -> None:
        """Press Tab until the target has the focus; then it can also be seen."""
        handle = target.element_handle()
        for _ in range(self.page.evaluate(STOPS_TO, [handle, self.far])):
            self.page.keyboard.press("Tab")
        for _ in range(MANY_TABS):
            has_focus, is_in_view = self.page.evaluate(LOOK, handle)
            if has_focus:
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"{target} cannot be reached with Tab")
        assert is_in_view, f"{target} has the focus and is out of sight"

    def write(self, label: str, text: str) -> None:
        """Put a text in the place of what a field holds."""
        self.write_in(self.page.get_by_label(label, exact=True), text)

    def write_in(self, field: Locator, text: str) -> None:
        self.go_to(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def choose(self, fieldset: Locator, choice: str) -> None:
        """Choose a radio button: Tab to the group, then Space or the arrows."""
        wanted = fieldset.get_by_label(choice, exact=True)
        chosen = fieldset.locator("input:checked")
        self.go_to(chosen if chosen.count() else fieldset.locator("input").first)
        self.page.keyboard.press("Space")
        for _ in range(fieldset.locator("input").count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{choice} cannot be chosen with the arrows")

    def tick(self, label: str) -> None:
        self.go_to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.press("Space")

    def press(self, name: str) -> None:
        """Press the button, or the link that looks like one, whose name begins so; a page follows."""
        self._enter(self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")))

    def follow(self, name: str) -> None:
        """Follow the link whose name begins so."""
        self._enter(self.page.get_by_role("link", name=re.compile(f"^{re.escape(name)}")))

    def jump(self, name: str) -> None:
        """Follow the link whose name begins so to a place on the same page."""
        self.go_to(self.page.get_by_role("link", name=re.compile(f"^{re.escape(name)}")))
        self.page.keyboard.press("Enter")

    def _enter(self, target: Locator) -> None:
        self.go_to(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
