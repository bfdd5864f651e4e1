"""Every route with its rule: the act it needs and the thing the act is done to.

A route that is missing here stops the application from being built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .values import Act


@dataclass(frozen=True)
class Rule:
    """The act a route needs; `thing` names the finder of what its address is about.

    Without a thing there is no scope: such a route touches nobody's returns.
    `before_second_factor`: open to an officer who has not set an authenticator up yet.
    """

    act: Act
    thing: str | None = None
    before_second_factor: bool = False


ROUTES: Mapping[str, Rule] = MappingProxyType(
    {
        "static": Rule(Act.ANYONE),
        "pages.health": Rule(Act.ANYONE),
        "notices.accessibility": Rule(Act.ANYONE),
        "notices.privacy": Rule(Act.ANYONE),
        "accounts.sign_in": Rule(Act.ANYONE),
        "accounts.post_sign_in": Rule(Act.ANYONE),
        "accounts.sign_out": Rule(Act.ANYONE),
        "accounts.second_step": Rule(Act.ANYONE),
        "accounts.post_second_step": Rule(Act.ANYONE),
        "accounts.ask_for_code": Rule(Act.ANYONE),
        "accounts.post_ask_for_code": Rule(Act.ANYONE),
        "accounts.mailed_code": Rule(Act.ANYONE),
        "accounts.post_mailed_code": Rule(Act.ANYONE),
        "invitation.invitation": Rule(Act.ANYONE),
        "invitation.accept": Rule(Act.ANYONE),
        "account.account": Rule(Act.SIGNED_IN, before_second_factor=True),
        "account.password": Rule(Act.SIGNED_IN, before_second_factor=True),
        "account.post_password": Rule(Act.SIGNED_IN, before_second_factor=True),
        "account.authenticator": Rule(Act.SIGNED_IN, before_second_factor=True),
        "account.begin_authenticator": Rule(Act.SIGNED_IN, before_second_factor=True),
        "account.post_authenticator": Rule(Act.SIGNED_IN, before_second_factor=True),
        "account.removing_authenticator": Rule(Act.SIGNED_IN),
        "account.remove_authenticator": Rule(Act.SIGNED_IN),
        "account.making_recovery_codes": Rule(Act.SIGNED_IN),
        "account.new_recovery_codes": Rule(Act.SIGNED_IN),
        "account.sign_out_everywhere": Rule(Act.SIGNED_IN, before_second_factor=True),
        "account.acting_for": Rule(Act.SIGNED_IN),
        "account.act_for": Rule(Act.SIGNED_IN),
        "account.time_left": Rule(Act.SIGNED_IN, before_second_factor=True),
        "account.stay": Rule(Act.SIGNED_IN, before_second_factor=True),
        "people.index": Rule(Act.SIGNED_IN),
        "people.place": Rule(Act.MANAGE_PEOPLE, "place"),
        "people.invite": Rule(Act.MANAGE_PEOPLE, "place"),
        "people.recall": Rule(Act.MANAGE_PEOPLE, "place"),
        "people.member": Rule(Act.MANAGE_PEOPLE, "place"),
        "people.change_member": Rule(Act.MANAGE_PEOPLE, "place"),
        "people.remove_member": Rule(Act.MANAGE_PEOPLE, "place"),
        "contacts.upload": Rule(Act.MANAGE_PEOPLE, "contacts"),
        "contacts.load": Rule(Act.MANAGE_PEOPLE, "contacts"),
        "administration.people": Rule(Act.ADMINISTER, "installation"),
        "administration.person": Rule(Act.ADMINISTER, "person"),
        "administration.disable": Rule(Act.ADMINISTER, "person"),
        "administration.enable": Rule(Act.ADMINISTER, "person"),
        "administration.end_sessions": Rule(Act.ADMINISTER, "person"),
        "administration.forget_authenticator": Rule(Act.ADMINISTER, "person"),
        "person.own_data": Rule(Act.SIGNED_IN),
        "person.data": Rule(Act.ADMINISTER, "person"),
        "person.remove": Rule(Act.ADMINISTER, "person"),
        "administration.show_trail": Rule(Act.ADMINISTER, "installation"),
        "administration.show_security": Rule(Act.ADMINISTER, "installation"),
        "returns.readers": Rule(Act.READ_RETURN, "return"),
        "home.home": Rule(Act.SIGNED_IN, "own"),
        "returns.start": Rule(Act.EDIT_RETURN, "due"),
        "returns.post_start": Rule(Act.EDIT_RETURN, "due"),
        "returns.questions_before": Rule(Act.EDIT_RETURN, "due"),
        "returns.read_before": Rule(Act.EDIT_RETURN, "due"),
        "returns.evidence_before": Rule(Act.EDIT_RETURN, "due"),
        "returns.task_list": Rule(Act.READ_RETURN, "return"),
        "returns.questions": Rule(Act.READ_RETURN, "return"),
        "returns.assignments": Rule(Act.EDIT_RETURN, "return"),
        "returns.post_assignments": Rule(Act.EDIT_RETURN, "return"),
        "returns.read_questions": Rule(Act.READ_RETURN, "return"),
        "returns.evidence": Rule(Act.READ_RETURN, "return"),
        "returns.profile": Rule(Act.READ_RETURN, "return"),
        "returns.post_profile": Rule(Act.EDIT_RETURN, "return"),
        "returns.standard": Rule(Act.READ_RETURN, "return"),
        "returns.autosave": Rule(Act.EDIT_RETURN, "return"),
        "returns.history": Rule(Act.EDIT_RETURN, "return"),
        "returns.bring_back": Rule(Act.EDIT_RETURN, "return"),
        "returns.post_standard": Rule(Act.EDIT_RETURN, "return"),
        "returns.actions": Rule(Act.READ_RETURN, "return"),
        "returns.post_action": Rule(Act.EDIT_RETURN, "return"),
        "returns.new_action": Rule(Act.EDIT_RETURN, "return"),
        "returns.action": Rule(Act.EDIT_RETURN, "return"),
        "returns.change_action": Rule(Act.EDIT_RETURN, "return"),
        "returns.remove_action": Rule(Act.EDIT_RETURN, "return"),
        "returns.extension": Rule(Act.GIVE_TIME, "place in round"),
        "returns.post_extension": Rule(Act.GIVE_TIME, "place in round"),
        "returns.withdraw": Rule(Act.GIVE_TIME, "place in round"),
        "returns.post_withdraw": Rule(Act.GIVE_TIME, "place in round"),
        "returns.exceptions": Rule(Act.READ_RETURN, "return"),
        "returns.choose_exception": Rule(Act.EDIT_RETURN, "return"),
        "returns.exception": Rule(Act.EDIT_RETURN, "return"),
        "returns.post_exception": Rule(Act.EDIT_RETURN, "return"),
        "returns.remove_exception": Rule(Act.EDIT_RETURN, "return"),
        "plan.whole": Rule(Act.READ_RETURN, "plan"),
        "plan.sheet": Rule(Act.READ_RETURN, "plan"),
        "plan.action": Rule(Act.READ_RETURN, "plan"),
        "plan.update": Rule(Act.EDIT_RETURN, "plan"),
        "sign_off.check": Rule(Act.READ_RETURN, "return"),
        "sign_off.say_ready": Rule(Act.EDIT_RETURN, "return"),
        "sign_off.send_back": Rule(Act.SIGN_RETURN, "return"),
        "sign_off.post_send_back": Rule(Act.SIGN_RETURN, "return"),
        "sign_off.ratified": Rule(Act.SIGN_RETURN, "return"),
        "sign_off.sign": Rule(Act.SIGN_RETURN, "return"),
        "sign_off.post_sign": Rule(Act.SIGN_RETURN, "return"),
        "sign_off.reopen": Rule(Act.REOPEN_RETURN, "return"),
        "sign_off.post_reopen": Rule(Act.REOPEN_RETURN, "return"),
        "sign_off.receipt": Rule(Act.READ_RETURN, "return"),
        "sign_off.verify": Rule(Act.READ_RETURN, "return"),
        "sign_off.signed_content": Rule(Act.READ_RETURN, "return"),
        "sign_off.copy_pdf": Rule(Act.READ_RETURN, "return"),
        "sign_off.copy_xlsx": Rule(Act.READ_RETURN, "return"),
        "analysis.cycle": Rule(Act.READ_CYCLE, "cycle"),
        "analysis.sector": Rule(Act.READ_CYCLE, "cycle"),
        "analysis.variance": Rule(Act.READ_DESK, "cycle"),
        "analysis.returns_xlsx": Rule(Act.READ_DESK, "cycle"),
        "analysis.returns_csv": Rule(Act.READ_DESK, "cycle"),
        "analysis.committee_page": Rule(Act.READ_CYCLE, "committee"),
        "analysis.new_decision": Rule(Act.DECIDE, "committee"),
        "analysis.post_decision": Rule(Act.DECIDE, "committee"),
        "reports.publish": Rule(Act.PUBLISH, "cycle"),
        "reports.post_publish": Rule(Act.PUBLISH, "cycle"),
        "reports.summary": Rule(Act.READ_SUMMARY, "summary"),
        "reports.summary_csv": Rule(Act.READ_SUMMARY, "summary"),
        "reports.show_feedback": Rule(Act.READ_RETURN, "return"),
        "reports.governors_paper": Rule(Act.READ_RETURN, "return"),
    }
)
