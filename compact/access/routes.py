"""Every route with its rule: the act it needs and the thing the act is done to.

A route that is missing here stops the application from being built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .values import Act


@dataclass(frozen=True)
class Rule:
    """The act a route needs; `thing` names the finder of what its address is about."""

    act: Act
    thing: str | None = None


ROUTES: Mapping[str, Rule] = MappingProxyType(
    {
        "static": Rule(Act.ANYONE),
        "pages.health": Rule(Act.ANYONE),
        "pages.accessibility": Rule(Act.ANYONE),
        "pages.privacy": Rule(Act.ANYONE),
        "accounts.sign_in": Rule(Act.ANYONE),
        "accounts.post_sign_in": Rule(Act.ANYONE),
        "accounts.sign_out": Rule(Act.ANYONE),
        "home.home": Rule(Act.SIGNED_IN),
        "returns.start": Rule(Act.EDIT_RETURN, "due"),
        "returns.post_start": Rule(Act.EDIT_RETURN, "due"),
        "returns.questions_before": Rule(Act.EDIT_RETURN, "due"),
        "returns.task_list": Rule(Act.READ_RETURN, "return"),
        "returns.questions": Rule(Act.READ_RETURN, "return"),
        "returns.profile": Rule(Act.READ_RETURN, "return"),
        "returns.post_profile": Rule(Act.EDIT_RETURN, "return"),
        "returns.standard": Rule(Act.READ_RETURN, "return"),
        "returns.post_standard": Rule(Act.EDIT_RETURN, "return"),
        "returns.actions": Rule(Act.READ_RETURN, "return"),
        "returns.post_action": Rule(Act.EDIT_RETURN, "return"),
        "returns.new_action": Rule(Act.EDIT_RETURN, "return"),
        "returns.action": Rule(Act.EDIT_RETURN, "return"),
        "returns.change_action": Rule(Act.EDIT_RETURN, "return"),
        "returns.remove_action": Rule(Act.EDIT_RETURN, "return"),
        "sign_off.check": Rule(Act.READ_RETURN, "return"),
        "sign_off.sign": Rule(Act.SIGN_RETURN, "return"),
        "sign_off.post_sign": Rule(Act.SIGN_RETURN, "return"),
        "sign_off.receipt": Rule(Act.READ_RETURN, "return"),
        "sign_off.verify": Rule(Act.READ_RETURN, "return"),
        "sign_off.signed_content": Rule(Act.READ_RETURN, "return"),
        "analysis.cycle": Rule(Act.READ_CYCLE, "cycle"),
        "analysis.sector": Rule(Act.READ_CYCLE, "cycle"),
        "reports.publish": Rule(Act.PUBLISH, "cycle"),
        "reports.post_publish": Rule(Act.PUBLISH, "cycle"),
        "reports.summary": Rule(Act.READ_SUMMARY, "summary"),
        "reports.summary_csv": Rule(Act.READ_SUMMARY, "summary"),
    }
)
