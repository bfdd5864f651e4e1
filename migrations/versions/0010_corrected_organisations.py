"""Organisations are corrected in the browser, and registers' files are imported there."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "organisation_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("register_said", sa.Text(), nullable=True),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("corrected", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "field IN ('name', 'setting', 'phase', 'postcode', 'contact_email', 'status')",
            name=op.f("ck_organisation_correction_field_known"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_correction_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_organisation_correction_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_correction")),
    )
    op.create_index(
        "uq_organisation_correction_in_force",
        "organisation_correction",
        ["organisation_id", "field"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_index(
        "ix_organisation_correction_organisation_id", "organisation_correction", ["organisation_id", "id"]
    )
    op.create_table(
        "register_day",
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("register", "area", name=op.f("pk_register_day")),
    )
    op.create_table(
        "register_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("only", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_register_upload_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_upload")),
    )
    op.create_index("ix_register_upload_person_id", "register_upload", ["person_id"])
    op.create_index("ix_register_upload_at", "register_upload", ["at"])


def downgrade() -> None:
    op.drop_table("register_upload")
    op.drop_table("register_day")
    op.drop_table("organisation_correction")
