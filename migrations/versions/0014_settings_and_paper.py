"""What a partnership's new rounds flag above; paper returns while officers type them in."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In words that both databases know: SQLite cannot make a table again that others refer to.
    op.execute(
        "ALTER TABLE partnership ADD COLUMN threshold INTEGER DEFAULT 9 NOT NULL "
        "CONSTRAINT ck_partnership_threshold_in_percent CHECK (threshold BETWEEN 0 AND 99)"
    )
    op.create_table(
        "paper_answer",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT (not_applicable AND grade IS NOT NULL)",
            name=op.f("ck_paper_answer_not_applicable_has_no_grade"),
        ),
        sa.CheckConstraint("length(evidence) <= 20000", name=op.f("ck_paper_answer_evidence_within_limit")),
        sa.CheckConstraint("length(reason) <= 2000", name=op.f("ck_paper_answer_reason_within_limit")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_paper_answer_version_from_one")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_paper_answer_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_paper_answer_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_paper_answer_by_id_person")),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", "key", name=op.f("pk_paper_answer")),
    )
    op.create_index("ix_paper_answer_organisation_id", "paper_answer", ["organisation_id"])


def downgrade() -> None:
    op.drop_index("ix_paper_answer_organisation_id", table_name="paper_answer")
    op.drop_table("paper_answer")
    op.drop_column("partnership", "threshold")
