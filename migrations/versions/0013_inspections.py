"""What inspectorates found."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0009"
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


def downgrade() -> None:
    op.drop_table("inspection_judgement")
    op.drop_table("inspection")
