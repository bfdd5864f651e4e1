"""What inspectorates found; what a committee decided about a flagged standard."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("framework", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("safeguarding", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "framework IN ('report_card', 'graded_without_overall', 'graded')",
            name=op.f("ck_inspection_framework_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_inspection_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint(
            "organisation_id", "source", "on", name=op.f("uq_inspection_organisation_id_source_on")
        ),
    )
    op.create_table(
        "inspection_judgement",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint("length(said) > 0", name=op.f("ck_inspection_judgement_something_said")),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspection.id"],
            name=op.f("fk_inspection_judgement_inspection_id_inspection"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("inspection_id", "area", name=op.f("pk_inspection_judgement")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("standard", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("standard BETWEEN 1 AND 12", name=op.f("ck_decision_standard_of_twelve")),
        sa.CheckConstraint("length(decided) BETWEEN 1 AND 2000", name=op.f("ck_decision_decided_given")),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 200", name=op.f("ck_decision_who_given")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_decision_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_decision_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_decision_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_cycle_id", "decision", ["cycle_id", "partnership_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_decision_cycle_id", table_name="decision")
    op.drop_table("decision")
    op.drop_table("inspection_judgement")
    op.drop_table("inspection")
