"""Every room's tables, so that the metadata is whole for migrations and for foreign keys by name."""

import compact.accounts.models
import compact.actions.models
import compact.analysis.models
import compact.cycles.models
import compact.desk.models
import compact.exchange.models
import compact.inspections.models
import compact.mail.models
import compact.moderation.models
import compact.organisations.models
import compact.practice.models
import compact.reports.models
import compact.reports.statement_models
import compact.returns.models
import compact.review.models
import compact.sign_off.models
import compact.trail.models

from .db import Base

__all__ = ["compact", "metadata"]

metadata = Base.metadata
