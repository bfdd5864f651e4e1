"""The desk of a round: launches, mails of a round, calls, wording; and mails that came back."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "launch",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_launch_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_launch_by_id_person")),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_launch")),
    )
    _create_round_mail()
    _create_contact_note()
    _create_wording()


def _create_round_mail() -> None:
    op.create_table(
        "round_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_round_mail_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_round_mail_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_round_mail_person_id_person")),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outbox.id"], name=op.f("fk_round_mail_mail_id_outbox"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_round_mail_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_mail")),
        sa.UniqueConstraint(
            "cycle_id",
            "organisation_id",
            "occasion",
            "person_id",
            name=op.f("uq_round_mail_cycle_id_organisation_id_occasion_person_id"),
        ),
    )
    op.create_index("ix_round_mail_organisation_id", "round_mail", ["organisation_id", "cycle_id", "id"])
    op.create_index("ix_round_mail_mail_id", "round_mail", ["mail_id"])


def _create_contact_note() -> None:
    op.create_table(
        "contact_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(whom) BETWEEN 1 AND 200", name=op.f("ck_contact_note_whom_given")),
        sa.CheckConstraint("length(said) BETWEEN 1 AND 500", name=op.f("ck_contact_note_said_given")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_contact_note_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_contact_note_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_contact_note_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_note")),
    )
    op.create_index("ix_contact_note_organisation_id", "contact_note", ["organisation_id", "cycle_id", "id"])
    op.create_index("ix_contact_note_cycle_id", "contact_note", ["cycle_id"])


def _create_wording() -> None:
    op.create_table(
        "wording",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(subject) BETWEEN 1 AND 150", name=op.f("ck_wording_subject_given")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 5000", name=op.f("ck_wording_text_given")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_wording_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_wording_by_id_person")),
        sa.PrimaryKeyConstraint("partnership_id", "kind", name=op.f("pk_wording")),
    )


def downgrade() -> None:
    for table in ("wording", "contact_note", "round_mail", "launch"):
        op.drop_table(table)
    op.drop_column("outbox", "returned_at")
