"""Each standard's result of a signed return, kept for its main grades and for each partnership."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from compact.questionnaire.values import Edition, Questionnaire
from compact.returns.models import Answer, Exception_

from .models import StandardResult
from .rules import grades_for, results


def write_results(
    session: Session,
    return_id: int,
    edition: Edition,
    questionnaire: Questionnaire,
    partnerships: Sequence[int],
) -> None:
    """Write the results of a signed return anew, from its stored answers and exceptions."""
    answers = {
        row.key: row.grade
        for row in session.execute(select(Answer.key, Answer.grade).where(Answer.return_id == return_id))
    }
    exceptions: dict[int, dict[str, str | None]] = {}
    for row in session.execute(
        select(Exception_.partnership_id, Exception_.key, Exception_.grade).where(
            Exception_.return_id == return_id
        )
    ):
        exceptions.setdefault(row.partnership_id, {})[row.key] = row.grade
    rows = [
        {
            "return_id": return_id,
            "partnership_id": partnership,
            "standard": result.standard,
            "graded": result.graded,
            "weak": result.weak,
        }
        for partnership in (None, *partnerships)
        for result in results(
            grades_for(questionnaire, answers, exceptions.get(partnership, {}) if partnership else {}),
            edition.scale.weak_keys,
        )
    ]
    session.execute(delete(StandardResult).where(StandardResult.return_id == return_id))
    if rows:
        session.execute(insert(StandardResult), rows)
