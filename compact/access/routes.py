"""Every route with its rule: the act it needs and the thing the act is done to.

A route that is missing here stops the application from being built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .values import Act


@dataclass(frozen=True)
class Rule:
    """`see` is needed to fetch, `change` to post; `thing` names the finder of what the address is about."""

    see: Act
    change: Act | None = None
    thing: str | None = None


def _return(see: Act, change: Act | None = None) -> Rule:
    return Rule(see, change, "return")


ROUTES: Mapping[str, Rule] = MappingProxyType(
    {
        "static": Rule(Act.ANYONE),
        "pages.health": Rule(Act.ANYONE),
        "pages.accessibility": Rule(Act.ANYONE),
        "pages.privacy": Rule(Act.ANYONE),
        "accounts.sign_in": Rule(Act.ANYONE, Act.ANYONE),
        "accounts.sign_out": Rule(Act.ANYONE, Act.ANYONE),
        "home.home": Rule(Act.SIGNED_IN),
        "returns.start": Rule(Act.EDIT_RETURN, Act.EDIT_RETURN, "due"),
        "returns.task_list": _return(Act.READ_RETURN),
        "returns.profile": _return(Act.READ_RETURN, Act.EDIT_RETURN),
        "returns.standard": _return(Act.READ_RETURN, Act.EDIT_RETURN),
        "returns.actions": _return(Act.READ_RETURN, Act.EDIT_RETURN),
        "returns.new_action": _return(Act.EDIT_RETURN),
        "returns.action": _return(Act.EDIT_RETURN, Act.EDIT_RETURN),
        "returns.remove_action": _return(Act.EDIT_RETURN, Act.EDIT_RETURN),
        "sign_off.check": _return(Act.READ_RETURN),
        "sign_off.sign": _return(Act.SIGN_RETURN, Act.SIGN_RETURN),
        "sign_off.receipt": _return(Act.READ_RETURN),
        "analysis.cycle": Rule(Act.READ_CYCLE, thing="cycle"),
        "analysis.sector": Rule(Act.READ_CYCLE, thing="cycle"),
        "reports.publish": Rule(Act.PUBLISH, Act.PUBLISH, "cycle"),
        "reports.summary": Rule(Act.READ_SUMMARY, thing="summary"),
        "reports.summary_csv": Rule(Act.READ_SUMMARY, thing="summary"),
    }
)
