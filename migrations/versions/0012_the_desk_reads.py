"""Reasons to look, moderated grades, the review of a return with its plan, visits, and you said, we did."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REASONS = (
    "'late', 'fell', 'all_top', 'as_another', 'as_last_time', 'regraded', 'not_asked', 'does_apply', "
    "'inspection', 'overdue'"
)


def upgrade() -> None:
    _looking()
    op.create_table(
        "moderation",
        *_of_return(),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        *_by("moderation"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(comment) BETWEEN 1 AND 2000", name=op.f("ck_moderation_comment_given")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_moderation_version_from_one")),
        *_keys_of_return("moderation"),
        sa.PrimaryKeyConstraint("return_id", "partnership_id", "key", name=op.f("pk_moderation")),
    )
    _reviews()
    op.create_table(
        "update_request",
        *_of_return(),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        *_keys_of_return("update_request"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_update_request_by_id_person")),
        sa.PrimaryKeyConstraint("return_id", "partnership_id", name=op.f("pk_update_request")),
    )
    op.create_table(
        "said_and_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        *_by("said_and_done"),
        sa.CheckConstraint("length(said) BETWEEN 1 AND 500", name=op.f("ck_said_and_done_said_given")),
        sa.CheckConstraint("length(did) BETWEEN 1 AND 500", name=op.f("ck_said_and_done_did_given")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_said_and_done_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_said_and_done_partnership_id_partnership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said_and_done")),
    )
    op.create_index("ix_said_and_done_cycle_id", "said_and_done", ["cycle_id", "partnership_id", "id"])


def downgrade() -> None:
    for table in (
        "said_and_done",
        "update_request",
        "visit",
        "action_review",
        "review",
        "moderation",
        "evidence_print",
        "reason_to_look",
    ):
        op.drop_table(table)


def _looking() -> None:
    op.create_table(
        "reason_to_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.CheckConstraint(f"name IN ({REASONS})", name=op.f("ck_reason_to_look_name_known")),
        sa.CheckConstraint("weight >= 1", name=op.f("ck_reason_to_look_weight_from_one")),
        *_keys_of_return("reason_to_look"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_to_look")),
    )
    op.create_index(
        "ix_reason_to_look_return_id", "reason_to_look", ["return_id", "partnership_id", "weight"]
    )
    op.create_table(
        "evidence_print",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("print", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["return_id"], ["return.id"], name=op.f("fk_evidence_print_return_id_return")
        ),
        sa.PrimaryKeyConstraint("return_id", "key", name=op.f("pk_evidence_print")),
    )
    op.create_index("ix_evidence_print_print", "evidence_print", ["print", "return_id"])


def _reviews() -> None:
    op.create_table(
        "review",
        *_of_return(),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        *_by("review"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('accepted', 'points', 'talk')", name=op.f("ck_review_outcome_known")),
        sa.CheckConstraint("length(message) <= 10000", name=op.f("ck_review_message_within_limit")),
        sa.CheckConstraint(
            "sent_at IS NULL OR outcome IS NOT NULL", name=op.f("ck_review_decided_before_told")
        ),
        sa.CheckConstraint("sent_at IS NULL OR length(message) > 0", name=op.f("ck_review_told_something")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_review_version_from_one")),
        *_keys_of_return("review"),
        sa.PrimaryKeyConstraint("return_id", "partnership_id", name=op.f("pk_review")),
    )
    op.create_table(
        "action_review",
        *_of_return(),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        *_by("action_review"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted OR length(comment) > 0", name=op.f("ck_action_review_sent_back_with_a_comment")
        ),
        sa.CheckConstraint("length(comment) <= 2000", name=op.f("ck_action_review_comment_within_limit")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_action_review_version_from_one")),
        *_keys_of_return("action_review"),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["action.id"],
            name=op.f("fk_action_review_action_id_action"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("return_id", "partnership_id", "action_id", name=op.f("pk_action_review")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_return(),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        *_by("visit"),
        sa.CheckConstraint("length(who) BETWEEN 1 AND 300", name=op.f("ck_visit_who_given")),
        sa.CheckConstraint("length(what) BETWEEN 1 AND 2000", name=op.f("ck_visit_what_given")),
        *_keys_of_return("visit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_return_id", "visit", ["return_id", "partnership_id", "id"])


def _of_return() -> tuple["sa.Column[int]", "sa.Column[int]"]:
    return (
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
    )


def _keys_of_return(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f(f"fk_{table}_return_id_return")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id_partnership")
        ),
    )


def _by(table: str) -> tuple["sa.Column[object]", "sa.Column[object]", sa.ForeignKeyConstraint]:
    """Who wrote it and when."""
    return (
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f(f"fk_{table}_by_id_person")),
    )
