"""What would go wrong at launch, looked for before it: over every organisation, each kind with its cure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from compact.access.values import Role
from compact.accounts.models import Invitation
from compact.cycles.models import Due, Excused
from compact.cycles.store import CycleRow, works_in
from compact.organisations.models import Organisation

from .writing import readers_of


@dataclass(frozen=True)
class Checked:
    """An organisation with what a check looks at."""

    id: int
    name: str
    setting: str
    identifier: str
    contact_email: str | None
    is_invited: bool = False


@dataclass(frozen=True)
class Check:
    """What a check found. Those that are `silent` and `unreachable` are told nothing at launch; nobody is
    known who could be asked at the latter."""

    asked: int
    told: int
    silent: tuple[Checked, ...]
    unreachable: tuple[Checked, ...]
    unknown: tuple[Checked, ...]
    namesakes: tuple[tuple[Checked, ...], ...]

    @property
    def is_clean(self) -> bool:
        return not (self.silent or self.unreachable or self.unknown or self.namesakes)


def check(
    session: Session, cycle: CycleRow, partnerships: Sequence[int], known: Sequence[str], now: datetime
) -> Check:
    """Look at every organisation of these partnerships. `known` are the setting types of the edition."""
    asked = _asked(session, cycle.id, partnerships, now)
    readers = readers_of(session, [each.id for each in asked])
    silent = tuple(each for each in asked if each.id not in readers)
    by_name: dict[str, list[Checked]] = {}
    for each in asked:
        by_name.setdefault(" ".join(each.name.casefold().split()), []).append(each)
    return Check(
        asked=len(asked),
        told=len(asked) - len(silent),
        silent=tuple(each for each in silent if each.contact_email or each.is_invited),
        unreachable=tuple(each for each in silent if not each.contact_email and not each.is_invited),
        unknown=tuple(_unknown(session, partnerships, known)),
        namesakes=tuple(tuple(group) for group in by_name.values() if len(group) > 1),
    )


_CHECKED = (
    Organisation.id,
    Organisation.name,
    Organisation.setting,
    Organisation.identifier,
    Organisation.contact_email,
)


def _asked(session: Session, cycle_id: int, partnerships: Sequence[int], now: datetime) -> list[Checked]:
    """Those that are asked, but for the excused, by name."""
    invited = exists().where(
        Invitation.organisation_id == Organisation.id,
        Invitation.role == Role.SIGNATORY,
        Invitation.accepted_at.is_(None),
        Invitation.recalled_at.is_(None),
        Invitation.expires_at > now,
    )
    rows = session.execute(
        select(*_CHECKED, invited)
        .join(Due, Due.organisation_id == Organisation.id)
        .where(
            Due.cycle_id == cycle_id,
            Organisation.status == "open",
            works_in(partnerships),
            ~exists().where(Excused.cycle_id == Due.cycle_id, Excused.organisation_id == Due.organisation_id),
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return [Checked(*row) for row in rows]


def _unknown(session: Session, partnerships: Sequence[int], known: Sequence[str]) -> list[Checked]:
    """The open organisations whose type no questionnaire of the edition is for: no round can ask them."""
    rows = session.execute(
        select(*_CHECKED)
        .where(Organisation.status == "open", Organisation.setting.not_in(known), works_in(partnerships))
        .order_by(Organisation.name, Organisation.id)
    )
    return [Checked(*row) for row in rows]
