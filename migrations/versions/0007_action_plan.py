"""How actions go on: their updates, and what changed for children."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

STATUS_KNOWN = "status IN ('not_started', 'under_way', 'done', 'embedded')"


def upgrade() -> None:
    # A new column brings its check with it: SQLite adds none to a table that is there.
    op.execute(
        "ALTER TABLE action ADD COLUMN impact TEXT DEFAULT '' NOT NULL"
        " CONSTRAINT ck_action_impact_within_limit CHECK (length(impact) <= 2000)"
    )
    op.create_table(
        "action_update",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(STATUS_KNOWN, name=op.f("ck_action_update_status_known")),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_action_update_note_within_limit")),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_update_action_id_action")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_action_update_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_action_update_by_id_person")),
        sa.PrimaryKeyConstraint("action_id", "version", name=op.f("pk_action_update")),
    )
    op.create_index(
        "ix_action_update_organisation_id", "action_update", ["organisation_id", "action_id", "version"]
    )
    # Who left an action as it is was written down only while nobody had changed it.
    op.execute(
        "INSERT INTO action_update (action_id, version, organisation_id, what, lead, due, status, impact, note, by_id, at)"
        " SELECT id, version, organisation_id, what, lead, due, status, impact, '',"
        " CASE WHEN version = 1 THEN created_by END, updated_at FROM action"
    )


def downgrade() -> None:
    op.drop_table("action_update")
    op.drop_column("action", "impact")
