"""An organisation's plan, and which of its actions belong to the plan of one return. Nothing here commits.

What an organisation planned that it took over from is in its plan too, and stays where it was written.

Actions are carried from round to round until they are embedded: what is embedded answers no new weak grade.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from compact.access.values import Owner, Person, Scope
from compact.actions import store as actions
from compact.actions.models import Action
from compact.actions.rules import EMBEDDED
from compact.actions.store import ActionRow
from compact.cycles import editions
from compact.cycles.models import Cycle, CyclePartnership
from compact.db import table
from compact.organisations.models import Organisation, PartnershipArea, Succession
from compact.organisations.succession_store import NOBODY, those_before
from compact.questionnaire.values import Indicator, Standard
from compact.web.clock import today

from .models import Return, ReturnArea
from .reading import ReturnRow

_action, _return, _cycle = table(Action), table(Return), table(Cycle)
_RAISED_IN_THE_ROUND = _action.c.raised_in.in_(
    select(_return.c.id).where(
        _return.c.organisation_id.in_(bindparam("organisations", expanding=True)),
        _return.c.cycle_id == bindparam("cycle_id"),
    )
)
_OF_THE_ORGANISATION = _action.c.organisation_id.in_(bindparam("organisations", expanding=True))
_IN_DRAFT = (_action.c.status != EMBEDDED) | _RAISED_IN_THE_ROUND
_IN_SIGNED = _RAISED_IN_THE_ROUND | (
    (_action.c.raised_in <= bindparam("return_id")) & _action.c.id.not_in(actions.EMBEDDED_AT)
)
_KEYS_IN_DRAFT = select(_action.c.key).where(_OF_THE_ORGANISATION, _IN_DRAFT).distinct()
_KEYS_IN_SIGNED = select(_action.c.key).where(_OF_THE_ORGANISATION, _IN_SIGNED).distinct()
_PARTS_OF_ACTION = tuple(_action.c[each.name] for each in fields(ActionRow))
_RAISED_FROM = len(_PARTS_OF_ACTION)
_LISTED = (
    select(
        *_PARTS_OF_ACTION,
        _return.c.id,
        _return.c.cycle_id,
        _cycle.c.name,
        _return.c.number,
        _cycle.c.edition,
        _return.c.setting,
        _return.c.status == "draft",
    )
    .join_from(_action, _return, _return.c.id == _action.c.raised_in)
    .join(_cycle, _cycle.c.id == _return.c.cycle_id)
    .where(_OF_THE_ORGANISATION, _return.c.organisation_id.in_(bindparam("organisations", expanding=True)))
    .order_by(_action.c.due, _action.c.id)
)
_LISTED_IN_DRAFT, _LISTED_IN_SIGNED = _LISTED.where(_IN_DRAFT), _LISTED.where(_IN_SIGNED)


@dataclass(frozen=True)
class PlanOf:
    """Whose plan it is: an organisation's, and theirs who may read one of its returns."""

    id: int
    organisation: str
    owner: Owner
    before: tuple[int, ...]

    @property
    def organisations(self) -> tuple[int, ...]:
        """The organisation, and those that it took over from."""
        return (self.id, *self.before)

    @property
    def scope(self) -> Scope:
        return Scope(organisations=frozenset(self.organisations))


@dataclass(frozen=True)
class Raised:
    """The return that an action was raised in: its words are those of that return's edition."""

    return_id: int
    cycle_id: int
    cycle: str
    number: int
    edition: str
    setting: str
    is_draft: bool

    @property
    def cycle_and_number(self) -> str:
        return self.cycle if self.number == 1 else f"{self.cycle}, number {self.number}"

    def indicator(self, key: str) -> Indicator:
        return editions.questionnaire(self.edition, self.setting).by_key[key]


@dataclass(frozen=True)
class Listed:
    """An action with the words that its return asked about it with."""

    action: ActionRow
    raised: Raised
    indicator: Indicator = field(init=False)
    standard: Standard = field(init=False)

    def __post_init__(self) -> None:
        indicator = self.raised.indicator(self.action.key)
        object.__setattr__(self, "indicator", indicator)
        object.__setattr__(
            self, "standard", editions.edition(self.raised.edition).standards[indicator.standard]
        )


def find_plan(session: Session, organisation_id: int, asking: Person) -> PlanOf | None:
    """The plan of an organisation. Partnerships and trust are those that may read one of its returns."""
    in_trust = select(Return.id).where(
        Return.organisation_id == organisation_id, Return.trust_id == Organisation.trust_id
    )
    row = session.execute(
        select(
            Organisation.name,
            case((in_trust.exists(), Organisation.trust_id)).label("trust"),
            select(Succession.new_id).where(Succession.new_id == organisation_id).exists().label("took_over"),
        ).where(Organisation.id == organisation_id)
    ).one_or_none()
    if row is None:
        return None
    partnerships = session.scalars(_partnerships(organisation_id)) if asking.partnerships else ()
    owner = Owner(frozenset({organisation_id}), frozenset(partnerships), row.trust)
    before = those_before(session, [organisation_id], today()) if row.took_over else {}
    return PlanOf(organisation_id, row.name, owner, before.get(organisation_id, NOBODY).everybody)


def _partnerships(organisation_id: int) -> Select[int]:
    """The partnerships of a return of the organisation, as `reading.partnerships_of` finds them for each."""
    return (
        select(PartnershipArea.partnership_id)
        .join(ReturnArea, ReturnArea.area == PartnershipArea.area)
        .join(Return, Return.id == ReturnArea.return_id)
        .join(
            CyclePartnership,
            (CyclePartnership.cycle_id == Return.cycle_id)
            & (CyclePartnership.partnership_id == PartnershipArea.partnership_id),
        )
        .where(Return.organisation_id == organisation_id)
        .distinct()
    )


def returns_by_id(session: Session, *organisations: int) -> dict[int, Raised]:
    """Every return of an organisation, and of those that it took over from, the oldest first."""
    rows = session.execute(
        select(
            Return.id,
            Return.cycle_id,
            Cycle.name,
            Return.number,
            Cycle.edition,
            Return.setting,
            Return.status == "draft",
        )
        .join(Cycle, Cycle.id == Return.cycle_id)
        .where(Return.organisation_id.in_(organisations))
        .order_by(Return.id)
    )
    return {row.id: Raised(*row) for row in rows}


def whole_plan(session: Session, *organisations: int) -> list[Listed]:
    """Every action of an organisation, and of those that it took over from, the earliest due first."""
    raised = returns_by_id(session, *organisations)
    return [Listed(each, raised[each.raised_in]) for each in actions.actions_of(session, *organisations)]


def action_in(session: Session, organisations: Sequence[int], action_id: int) -> ActionRow | None:
    """An action of the plan of an organisation, given with those that it took over from."""
    found = (actions.action_of(session, each, action_id) for each in organisations)
    return next((each for each in found if each is not None), None)


def plan_in(session: Session, row: ReturnRow) -> list[Listed]:
    """The actions of a return's plan: those of its round, and those that were carried into it.

    What was carried into a signed one was raised before and not embedded when it was signed. How the actions
    went on since changes nothing of that.
    """
    statement = _LISTED_IN_DRAFT if row.signed_at is None else _LISTED_IN_SIGNED
    rows = session.execute(statement, _asked(row)).all()
    return [Listed(ActionRow(*each[:_RAISED_FROM]), Raised(*each[_RAISED_FROM:])) for each in rows]


def actions_in(session: Session, row: ReturnRow) -> list[ActionRow]:
    """The same actions, without the words they were asked about with."""
    return [each.action for each in plan_in(session, row)]


def keys_with_action(session: Session, row: ReturnRow) -> frozenset[str]:
    """The indicators for which a return's plan has an action."""
    statement = _KEYS_IN_DRAFT if row.signed_at is None else _KEYS_IN_SIGNED
    return frozenset(session.scalars(statement, _asked(row)))


def _asked(row: ReturnRow) -> dict[str, object]:
    return {
        "organisations": list(row.organisations),
        "cycle_id": row.cycle_id,
        "return_id": row.id,
        "moment": row.signed_at,
    }


# An update of what a school planned changes the plan of the academy that it became as well.
_ELSEWHERE = {"beyond_scope": "the drafts of those who took over from the organisation, whose plans change"}


def _drafts(organisation_id: int) -> ColumnElement[bool]:
    """The condition that a return is a draft that holds what an organisation plans."""
    successors = select(Succession.new_id).where(Succession.old_id == organisation_id)
    of_it = or_(Return.organisation_id == organisation_id, Return.organisation_id.in_(successors))
    return and_(of_it, Return.status == "draft")


def lock_drafts(session: Session, organisation_id: int) -> None:
    """Let nobody sign for the organisation until this transaction ends: its plan is about to change."""
    drafts = select(Return.id).where(_drafts(organisation_id)).order_by(Return.id)
    session.execute(drafts.with_for_update(), execution_options=_ELSEWHERE).all()


def touch_drafts(session: Session, organisation_id: int) -> None:
    """Count a change of every draft that holds the plan, so that a page shown before it cannot sign."""
    session.execute(
        update(Return).where(_drafts(organisation_id)).values(version=Return.version + 1),
        execution_options=_ELSEWHERE,
    )
