"""Who wrote an exception and when; more time in a round for one organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("exception") as batch:
        batch.create_check_constraint(op.f("ck_exception_note_within_limit"), "length(note) <= 2000")
    op.create_table(
        "exception_history",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["return_id"], ["return.id"], name=op.f("fk_exception_history_return_id_return")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_exception_history_partnership_id_partnership"),
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["person.id"], name=op.f("fk_exception_history_updated_by_person")
        ),
        sa.PrimaryKeyConstraint(
            "return_id", "partnership_id", "key", "version", name=op.f("pk_exception_history")
        ),
    )
    op.create_table(
        "extension",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(why) BETWEEN 1 AND 2000", name=op.f("ck_extension_why_given")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_extension_version_from_one")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_extension_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_extension_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_extension_by_id_person")),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", name=op.f("pk_extension")),
    )
    op.create_index("ix_extension_organisation_id", "extension", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("extension")
    op.drop_table("exception_history")
    with op.batch_alter_table("exception") as batch:
        batch.drop_constraint(op.f("ck_exception_note_within_limit"), type_="check")
