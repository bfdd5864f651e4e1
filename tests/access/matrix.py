"""Who may do what, written down a second time from the design: the roles' table, and every route as a case.

Nothing here asks the application; the tests hold the one against the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

READ, EDIT, SIGN, REOPEN, GIVE_TIME = "read", "edit", "sign", "reopen", "give more time"
ORGANISATIONS, DESK = "organisations of the area", "the desk of an officer, wherever"
FINDINGS, PUBLISH, SUMMARY = "findings", "publish", "summary"
READ_DESK, DECIDE = "what only officers read", "note a decision"
RUN, ANY_RUN = "run a round", "run rounds anywhere"
SETTINGS = "settings of the partnership"
FINDINGS, PUBLISH, SUMMARY, REVIEW = "findings", "publish", "summary", "review"
ANYONE, SIGNED_IN = "anyone", "signed in"
PEOPLE, ALL_PEOPLE, CONTACTS = "people of the school", "people of the installation", "contacts of the area"

# What the design's table allows each role on what is its own.
CONTRIBUTOR = frozenset({READ, EDIT, SUMMARY})
SIGNATORY = CONTRIBUTOR | {SIGN, PEOPLE}
ORGANISATION_READER = frozenset({READ, SUMMARY})
TRUST_LEAD = frozenset({READ, SUMMARY})
OFFICER = frozenset(
    {
        READ,
        REOPEN,
        GIVE_TIME,
        FINDINGS,
        PUBLISH,
        SUMMARY,
        PEOPLE,
        CONTACTS,
        ORGANISATIONS,
        DESK,
        READ_DESK,
        DECIDE,
        RUN,
        ANY_RUN,
        REVIEW,
        SETTINGS,
    }
)
PARTNERSHIP_READER = frozenset({READ, FINDINGS, SUMMARY})
# A learning summary is for every setting of the area; all else of a neighbour's does not exist.
NEIGHBOUR = frozenset({SUMMARY})
ADMINISTRATOR = frozenset({PEOPLE, ALL_PEOPLE, CONTACTS, SETTINGS})
NOTHING: frozenset[str] = frozenset()

# Visitors by name, each with what they may do in the school, its round and its area. None: not signed in.
VISITORS: Mapping[str, frozenset[str] | None] = {
    "a stranger": None,
    "a disabled person": None,
    "a contributor of the school": CONTRIBUTOR,
    "a signatory of the school": SIGNATORY,
    "a reader of the school": ORGANISATION_READER,
    "a contributor of a sibling": NEIGHBOUR,
    "a signatory of a sibling": NEIGHBOUR,
    "a reader of a sibling": NEIGHBOUR,
    "a signatory of a school elsewhere": NOTHING,
    "a lead of the school's trust": TRUST_LEAD,
    "a lead of another trust": NOTHING,
    "an officer of the area": OFFICER,
    "a reader of the area": PARTNERSHIP_READER,
    "an officer of another area": frozenset({DESK, ANY_RUN}),
    "a reader of another area": NOTHING,
    "an administrator": ADMINISTRATOR,
    "somebody without a role": NOTHING,
    # Somebody with two organisations has each role in its own place only.
    # ... and acts for one of them at a time: nothing of the other one's is done meanwhile.
    "a reader of the school who signs for a sibling": ORGANISATION_READER,
    "a contributor of the school who is an officer elsewhere": CONTRIBUTOR | {DESK, ANY_RUN},
}


@dataclass(frozen=True, eq=False)
class Case:
    """A request to an endpoint, what it does, and how it is answered when it is allowed.

    `address` has the ids of things by name; a post is one that finds a problem before it changes anything.
    """

    endpoint: str
    doing: str
    address: str
    status: int = 200
    method: str = "GET"
    data: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.address} ({self.endpoint})"


CASES = (
    Case("static", ANYONE, "/static/compact.css"),
    Case("pages.health", ANYONE, "/health"),
    Case("notices.accessibility", ANYONE, "/accessibility"),
    Case("notices.privacy", ANYONE, "/privacy"),
    Case("accounts.post_sign_in", ANYONE, "/sign-in", method="POST"),
    Case("accounts.second_step", ANYONE, "/sign-in/code", 302),
    Case("accounts.post_second_step", ANYONE, "/sign-in/code", method="POST"),
    Case("accounts.ask_for_code", ANYONE, "/sign-in/mail"),
    Case("accounts.post_ask_for_code", ANYONE, "/sign-in/mail", method="POST"),
    Case("accounts.mailed_code", ANYONE, "/sign-in/mail/code", 302),
    Case("accounts.post_mailed_code", ANYONE, "/sign-in/mail/code", method="POST"),
    Case("invitation.invitation", ANYONE, "/invitation/no-such-token", 410),
    Case("invitation.accept", ANYONE, "/invitation/no-such-token", 410, "POST"),
    Case("home.home", SIGNED_IN, "/"),
    Case("account.account", SIGNED_IN, "/account"),
    Case("account.password", SIGNED_IN, "/account/password"),
    Case("account.post_password", SIGNED_IN, "/account/password", method="POST"),
    Case("account.authenticator", SIGNED_IN, "/account/authenticator"),
    Case("account.begin_authenticator", SIGNED_IN, "/account/authenticator/begin", 302, "POST"),
    Case("account.post_authenticator", SIGNED_IN, "/account/authenticator", method="POST"),
    Case("account.removing_authenticator", SIGNED_IN, "/account/authenticator/remove", 302),
    Case("account.making_recovery_codes", SIGNED_IN, "/account/recovery-codes", 302),
    Case("account.new_recovery_codes", SIGNED_IN, "/account/recovery-codes", 302, "POST"),
    Case("account.time_left", SIGNED_IN, "/session"),
    Case("account.stay", SIGNED_IN, "/session", method="POST"),
    Case("people.place", PEOPLE, "/organisations/{school}/people"),
    Case("people.invite", PEOPLE, "/organisations/{school}/people", method="POST"),
    Case(
        "people.recall", PEOPLE, "/organisations/{school}/people/invitations/{invitation}/recall", 302, "POST"
    ),
    Case("people.member", PEOPLE, "/organisations/{school}/people/{member}"),
    Case("people.change_member", PEOPLE, "/organisations/{school}/people/{member}", method="POST"),
    Case("people.remove_member", PEOPLE, "/organisations/{school}/people/{only}/remove", method="POST"),
    Case("people.place", CONTACTS, "/partnerships/{here}/people"),
    Case("people.invite", CONTACTS, "/partnerships/{here}/people", method="POST"),
    Case("people.place", ALL_PEOPLE, "/trusts/{trust}/people"),
    Case("people.place", ALL_PEOPLE, "/administrators"),
    Case("people.invite", ALL_PEOPLE, "/administrators", method="POST"),
    Case("contacts.upload", CONTACTS, "/partnerships/{here}/contacts"),
    Case("contacts.load", CONTACTS, "/partnerships/{here}/contacts", method="POST"),
    Case("administration.people", ALL_PEOPLE, "/administration/people"),
    Case("administration.person", ALL_PEOPLE, "/administration/people/{nobody}"),
    Case("administration.disable", ALL_PEOPLE, "/administration/people/{nobody}/disable", 302, "POST"),
    Case("administration.enable", ALL_PEOPLE, "/administration/people/{nobody}/enable", 302, "POST"),
    Case(
        "administration.end_sessions", ALL_PEOPLE, "/administration/people/{nobody}/end-sessions", 302, "POST"
    ),
    Case(
        "administration.forget_authenticator",
        ALL_PEOPLE,
        "/administration/people/{nobody}/forget-authenticator",
        302,
        "POST",
    ),
    Case("person.own_data", SIGNED_IN, "/account/data"),
    Case("person.data", ALL_PEOPLE, "/administration/people/{nobody}/data"),
    Case("person.remove", ALL_PEOPLE, "/administration/people/{nobody}/forget", method="POST"),
    Case("administration.show_trail", ALL_PEOPLE, "/administration/trail"),
    Case("administration.show_security", ALL_PEOPLE, "/administration/security"),
    Case("returns.readers", READ, "/returns/{signed}/readers"),
    Case("returns.start", EDIT, "/cycles/{next_cycle}/organisations/{school}/start"),
    Case("returns.post_start", EDIT, "/cycles/{next_cycle}/organisations/{school}/start", 302, "POST"),
    Case("returns.questions_before", EDIT, "/cycles/{next_cycle}/organisations/{school}/questions.pdf"),
    Case("returns.read_before", EDIT, "/cycles/{next_cycle}/organisations/{school}/questions"),
    Case("returns.evidence_before", EDIT, "/cycles/{next_cycle}/organisations/{school}/evidence"),
    Case("returns.questions", READ, "/returns/{draft}/questions.pdf"),
    Case("returns.questions", READ, "/returns/{signed}/questions.pdf"),
    Case("returns.read_questions", READ, "/returns/{draft}/questions"),
    Case("returns.evidence", READ, "/returns/{draft}/evidence"),
    Case("returns.task_list", READ, "/returns/{draft}"),
    Case("returns.task_list", READ, "/returns/{signed}"),
    Case("returns.profile", READ, "/returns/{draft}/profile"),
    Case("returns.post_profile", EDIT, "/returns/{draft}/profile", method="POST"),
    Case("returns.standard", READ, "/returns/{draft}/standards/4"),
    Case("returns.standard", READ, "/returns/{signed}/standards/4"),
    Case("returns.post_standard", EDIT, "/returns/{draft}/standards/4", method="POST"),
    Case("returns.assignments", EDIT, "/returns/{draft}/assignments"),
    Case("returns.post_assignments", EDIT, "/returns/{draft}/assignments", 302, "POST"),
    Case("returns.post_assignments", EDIT, "/returns/{signed}/assignments", 409, "POST"),
    Case("returns.autosave", EDIT, "/returns/{draft}/answers/pupil-voice", method="POST"),
    Case("returns.autosave", EDIT, "/returns/{signed}/answers/pupil-voice", 409, "POST"),
    Case("returns.history", EDIT, "/returns/{draft}/answers/bullying/history"),
    Case("returns.bring_back", EDIT, "/returns/{draft}/answers/bullying/history", 302, "POST"),
    Case("returns.post_standard", EDIT, "/returns/{signed}/standards/4", 409, "POST"),
    Case("returns.actions", READ, "/returns/{draft}/actions"),
    Case("returns.post_action", EDIT, "/returns/{draft}/actions", 200, "POST", {"key": "bullying"}),
    Case("returns.new_action", EDIT, "/returns/{draft}/actions/new/bullying"),
    Case("returns.action", EDIT, "/returns/{draft}/actions/{action}"),
    Case("returns.change_action", EDIT, "/returns/{draft}/actions/{action}", method="POST"),
    Case("returns.remove_action", EDIT, "/returns/{draft}/actions/{older_action}/remove", 302, "POST"),
    Case("returns.extension", GIVE_TIME, "/cycles/{next_cycle}/organisations/{school}/extension"),
    Case(
        "returns.post_extension",
        GIVE_TIME,
        "/cycles/{next_cycle}/organisations/{school}/extension",
        method="POST",
    ),
    Case(
        "returns.withdraw", GIVE_TIME, "/cycles/{next_cycle}/organisations/{school}/extension/withdraw", 302
    ),
    Case(
        "returns.post_withdraw",
        GIVE_TIME,
        "/cycles/{next_cycle}/organisations/{school}/extension/withdraw",
        302,
        "POST",
    ),
    Case("returns.exceptions", READ, "/returns/{shared}/exceptions"),
    Case("returns.choose_exception", EDIT, "/returns/{shared}/exceptions/{here}"),
    Case("returns.exception", EDIT, "/returns/{shared}/exceptions/{here}/bullying"),
    Case("returns.post_exception", EDIT, "/returns/{shared}/exceptions/{here}/bullying", method="POST"),
    Case(
        "returns.remove_exception", EDIT, "/returns/{shared}/exceptions/{here}/bullying/remove", 302, "POST"
    ),
    Case("plan.whole", READ, "/organisations/{school}/actions"),
    Case("plan.whole", READ, "/organisations/{school}/actions?status=done"),
    Case("plan.sheet", READ, "/organisations/{school}/actions.xlsx"),
    Case("plan.action", READ, "/organisations/{school}/actions/{action}"),
    Case("plan.update", EDIT, "/organisations/{school}/actions/{action}", method="POST"),
    Case("sign_off.check", READ, "/returns/{draft}/check"),
    Case("sign_off.say_ready", EDIT, "/returns/{draft}/ready", 302, "POST"),
    Case("sign_off.send_back", SIGN, "/returns/{draft}/send-back"),
    Case("sign_off.post_send_back", SIGN, "/returns/{draft}/send-back", 200, "POST", {"reason": " "}),
    Case("sign_off.ratified", SIGN, "/returns/{signed}/ratified", 200, "POST", {"ratified_on": "x"}),
    Case("sign_off.sign", SIGN, "/returns/{complete}/sign-off"),
    Case("sign_off.post_sign", SIGN, "/returns/{complete}/sign-off", method="POST"),
    Case("sign_off.reopen", REOPEN, "/returns/{signed}/reopen"),
    Case("sign_off.reopen", REOPEN, "/returns/{draft}/reopen", 302),
    Case("sign_off.post_reopen", REOPEN, "/returns/{signed}/reopen", 200, "POST", {"reason": " "}),
    Case("sign_off.receipt", READ, "/returns/{signed}/receipt"),
    Case("sign_off.verify", READ, "/returns/{signed}/verify"),
    Case("sign_off.signed_content", READ, "/returns/{signed}/signed.json"),
    Case("sign_off.verify", READ, "/returns/{signed}/verify"),
    Case("sign_off.signed_content", READ, "/returns/{signed}/signed.json"),
    Case("sign_off.copy_pdf", READ, "/returns/{draft}.pdf"),
    Case("sign_off.copy_pdf", READ, "/returns/{signed}.pdf"),
    Case("sign_off.copy_xlsx", READ, "/returns/{draft}.xlsx"),
    Case("sign_off.copy_xlsx", READ, "/returns/{signed}.xlsx"),
    Case("review.queue", REVIEW, "/review?cycle={cycle}"),
    Case("review.show", REVIEW, "/review/{signed}"),
    Case("review.begin", REVIEW, "/review/{signed}/begin", 302, "POST"),
    Case("review.grade", REVIEW, "/review/{signed}/grades/bullying"),
    Case("review.post_grade", REVIEW, "/review/{signed}/grades/bullying", method="POST"),
    Case("review.action", REVIEW, "/review/{signed}/actions/{older_action}"),
    Case("review.post_action", REVIEW, "/review/{signed}/actions/{older_action}", method="POST"),
    Case("review.visit", REVIEW, "/review/{signed}/visits"),
    Case("review.post_visit", REVIEW, "/review/{signed}/visits", method="POST"),
    Case("review.reply", REVIEW, "/review/{signed}/reply"),
    Case("review.post_reply", REVIEW, "/review/{signed}/reply", 200, "POST", {"outcome": "x"}),
    Case("review.send", REVIEW, "/review/{signed}/send", 302, "POST"),
    Case("review.show_updates", REVIEW, "/cycles/{cycle}/updates"),
    Case("review.ask_for_updates", REVIEW, "/cycles/{cycle}/updates", 302, "POST"),
    Case("review.lines", REVIEW, "/cycles/{cycle}/said-and-done"),
    Case("review.post_lines", REVIEW, "/cycles/{cycle}/said-and-done", method="POST"),
    Case("review.remove_line", REVIEW, "/cycles/{cycle}/said-and-done/7/remove", 302, "POST"),
    Case("analysis.cycle", FINDINGS, "/analysis/{cycle}"),
    Case("analysis.sector", FINDINGS, "/analysis/{cycle}/school"),
    Case("analysis.trend_page", FINDINGS, "/analysis/{cycle}/school/rounds"),
    Case("analysis.indicators", FINDINGS, "/analysis/{cycle}/school/indicators"),
    Case("analysis.sector_returns", FINDINGS, "/analysis/{cycle}/school/returns"),
    Case("analysis.variance", READ_DESK, "/analysis/{cycle}/variance"),
    Case("analysis.returns_xlsx", READ_DESK, "/cycles/{cycle}/returns.xlsx"),
    Case("analysis.returns_csv", READ_DESK, "/cycles/{cycle}/returns.csv"),
    Case("analysis.committee_page", FINDINGS, "/committee/{cycle}"),
    Case("analysis.new_decision", DECIDE, "/committee/{cycle}/decisions/new"),
    Case("analysis.post_decision", DECIDE, "/committee/{cycle}/decisions", method="POST"),
    Case("reports.publish", PUBLISH, "/learning/{cycle}/school/publish"),
    Case("reports.post_publish", PUBLISH, "/learning/{cycle}/school/publish", method="POST"),
    Case("reports.write", PUBLISH, "/learning/{cycle}/school/write/foreword"),
    Case("reports.post_write", PUBLISH, "/learning/{cycle}/school/write/foreword", 302, "POST"),
    Case("reports.preview", PUBLISH, "/learning/{cycle}/school/preview"),
    Case("reports.check", PUBLISH, "/learning/{cycle}/school/publish/check"),
    Case("reports.withdrawing", PUBLISH, "/learning/{cycle}/school/withdraw"),
    Case("reports.withdraw", PUBLISH, "/learning/{cycle}/school/withdraw", method="POST"),
    Case("reports.open_link", PUBLISH, "/learning/{cycle}/school/open-link"),
    Case(
        "reports.change_open_link",
        PUBLISH,
        "/learning/{cycle}/school/open-link",
        302,
        "POST",
        {"then": "close"},
    ),
    Case("reports.index", SIGNED_IN, "/learning"),
    Case("reports.all_numbers", SUMMARY, "/learning/{cycle}/school/numbers"),
    Case("reports.one_number", SUMMARY, "/learning/{cycle}/school/1"),
    Case("reports.open_summary", ANYONE, "/learning/open/no-such-token", 404),
    Case("reports.open_csv", ANYONE, "/learning/open/no-such-token.csv", 404),
    Case("reports.open_pdf", ANYONE, "/learning/open/no-such-token.pdf", 404),
    Case("reports.open_xlsx", ANYONE, "/learning/open/no-such-token.xlsx", 404),
    Case("reports.summary", SUMMARY, "/learning/{cycle}/school"),
    Case("reports.summary_csv", SUMMARY, "/learning/{cycle}/school.csv"),
    Case("reports.statement", PUBLISH, "/analysis/{cycle}/statement"),
    Case(
        "reports.post_statement",
        PUBLISH,
        "/analysis/{cycle}/statement",
        method="POST",
        data={"text": "x" * 20_001, "version": "0"},
    ),
    Case("reports.statement_xlsx", PUBLISH, "/analysis/{cycle}/statement.xlsx"),
    Case("reports.statement_csv", PUBLISH, "/analysis/{cycle}/statement/organisations.csv"),
    Case("reports.summary_pdf", SUMMARY, "/learning/{cycle}/school.pdf"),
    Case("reports.summary_xlsx", SUMMARY, "/learning/{cycle}/school.xlsx"),
    Case("reports.show_feedback", READ, "/returns/{signed}/feedback"),
    Case("reports.show_feedback", READ, "/returns/{draft}/feedback"),
    Case("reports.governors_paper", READ, "/returns/{signed}/governors.pdf"),
    Case("reports.governors_paper", READ, "/returns/{draft}/governors.pdf"),
    Case("reports.practice", SIGN, "/returns/{signed}/practice"),
    Case("reports.practice", SIGN, "/returns/{draft}/practice", 302),
    Case("reports.post_practice", SIGN, "/returns/{draft}/practice", 302, "POST"),
    Case("reports.offered", PUBLISH, "/learning/{cycle}/school/practice"),
    Case("reports.offered_for", PUBLISH, "/learning/{cycle}/school/practice/conduct"),
    Case("reports.edit_practice", PUBLISH, "/learning/{cycle}/school/practice/bullying/{signed}"),
    Case(
        "reports.post_practice_choice",
        PUBLISH,
        "/learning/{cycle}/school/practice/bullying/{signed}",
        method="POST",
    ),
    Case(
        "reports.leave_practice_out",
        PUBLISH,
        "/learning/{cycle}/school/practice/bullying/none",
        302,
        "POST",
        {"version": "0"},
    ),
    Case("organisations.index", DESK, "/organisations"),
    Case("organisations.new", DESK, "/organisations/new"),
    Case("organisations.add", DESK, "/organisations/new", method="POST"),
    Case("register_files.choose", DESK, "/organisations/import"),
    Case("register_files.upload", DESK, "/organisations/import", method="POST"),
    Case("register_files.look", ORGANISATIONS, "/organisations/import/{upload}"),
    Case("register_files.apply", ORGANISATIONS, "/organisations/import/{upload}", method="POST"),
    Case("organisations.correct", ORGANISATIONS, "/organisations/{school}/correct"),
    Case("organisations.post_correct", ORGANISATIONS, "/organisations/{school}/correct", method="POST"),
    Case("organisation.show", ORGANISATIONS, "/organisations/{school}"),
    Case("organisation.close", ORGANISATIONS, "/organisations/{school}/close"),
    Case("organisation.post_close", ORGANISATIONS, "/organisations/{school}/close", method="POST"),
    Case("organisation.reopen", ORGANISATIONS, "/organisations/{school}/reopen", 302, "POST"),
    Case("rounds.index", ANY_RUN, "/cycles"),
    Case("rounds.opening", ANY_RUN, "/cycles/open"),
    Case("rounds.post_opening", ANY_RUN, "/cycles/open", method="POST"),
    Case("rounds.round_page", RUN, "/cycles/{cycle}"),
    Case("changes.change", RUN, "/cycles/{cycle}/change"),
    Case("changes.post_change", RUN, "/cycles/{cycle}/change", method="POST"),
    Case("changes.removal", RUN, "/cycles/{next_cycle}/remove"),
    Case("changes.remove", RUN, "/cycles/{cycle}/remove", 302, "POST"),
    Case("rounds.check", RUN, "/cycles/{next_cycle}/check"),
    Case("rounds.launch", RUN, "/cycles/{next_cycle}/launch", 302, "POST"),
    Case("rounds.adding", RUN, "/cycles/{cycle}/add"),
    Case("rounds.post_adding", RUN, "/cycles/{cycle}/add", 302, "POST"),
    Case("chase.desk", RUN, "/cycles/{cycle}/chase"),
    Case("chase.log", RUN, "/cycles/{cycle}/log"),
    Case("chase.part", RUN, "/cycles/{cycle}/organisations/{school}"),
    Case("chase.note_call", RUN, "/cycles/{cycle}/organisations/{school}/calls", method="POST"),
    Case("chase.excuse", RUN, "/cycles/{next_cycle}/organisations/{school}/excuse", method="POST"),
    Case("chase.ask_again", RUN, "/cycles/{next_cycle}/organisations/{school}/ask-again", 302, "POST"),
    Case("time.arrangements", RUN, "/cycles/{cycle}/arrangements"),
    Case("time.more_time", RUN, "/cycles/{cycle}/more-time"),
    Case("time.post_more_time", RUN, "/cycles/{cycle}/more-time", method="POST"),
    Case("writing.write", RUN, "/cycles/{cycle}/write?show=never_opened"),
    Case("writing.post_write", RUN, "/cycles/{cycle}/write", method="POST"),
    Case("writing.wordings", RUN, "/partnerships/{here}/wording"),
    Case("writing.wording", RUN, "/partnerships/{here}/wording/launch"),
    Case("writing.post_wording", RUN, "/partnerships/{here}/wording/launch", method="POST"),
    Case("settings.show", SETTINGS, "/partnerships/{here}/settings"),
    Case("settings.save", SETTINGS, "/partnerships/{here}/settings", method="POST"),
    Case("paper.overview", RUN, "/cycles/{next_cycle}/organisations/{school}/paper"),
    Case("paper.enter", RUN, "/cycles/{next_cycle}/organisations/{school}/paper", method="POST"),
    Case(
        "paper.throw_away", RUN, "/cycles/{next_cycle}/organisations/{school}/paper/throw-away", 302, "POST"
    ),
    Case("paper.standard", RUN, "/cycles/{next_cycle}/organisations/{school}/paper/4"),
    Case("paper.post_standard", RUN, "/cycles/{next_cycle}/organisations/{school}/paper/4", 302, "POST"),
)
# These change who is asking, or answer by who is asking; tests of their own visit them.
OF_THEIR_OWN = frozenset(
    {
        "accounts.sign_in",
        "accounts.sign_out",
        "account.acting_for",
        "account.act_for",
        "account.remove_authenticator",
        "account.sign_out_everywhere",
        "people.index",
    }
)


def expected(visitor: str, case: Case) -> str:
    """How the design has this visitor answered: "allowed", "refused" or "sign in"."""
    may = VISITORS[visitor]
    if case.doing == ANYONE:
        return "allowed"
    if may is None:
        return "sign in"
    return "allowed" if case.doing == SIGNED_IN or case.doing in may else "refused"
