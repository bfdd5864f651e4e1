"""How actions go on; a draft that is said to be ready or is sent back; when a return was ratified."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
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
    _around_signing()


def _around_signing() -> None:
    op.create_table(
        "handing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 2000", name=op.f("ck_handing_reason_given")),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_handing_return_id_return")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_handing_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handing")),
    )
    op.create_index("ix_handing_return_id", "handing", ["return_id", "id"])
    op.create_table(
        "ratification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("ratified_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_ratification_return_id_return")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_ratification_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratification")),
    )
    op.create_index("ix_ratification_return_id", "ratification", ["return_id", "id"])


def downgrade() -> None:
    op.drop_table("ratification")
    op.drop_table("handing")
    op.drop_table("action_update")
    op.drop_column("action", "impact")
