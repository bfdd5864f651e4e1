"""The outbox: mails that are sent after the transaction that gave rise to them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts_not_negative")),
        sa.CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name=op.f("ck_outbox_sent_or_failed")),
        sa.CheckConstraint(
            "(next_try_at IS NULL) = (sent_at IS NOT NULL OR failed_at IS NOT NULL)",
            name=op.f("ck_outbox_waits_until_sent_or_failed"),
        ),
        sa.CheckConstraint(
            "secret IS NULL OR next_try_at IS NOT NULL", name=op.f("ck_outbox_secret_only_while_it_waits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index("ix_outbox_next_try_at", "outbox", ["next_try_at", "id"])
    op.create_index("ix_outbox_about", "outbox", ["about", "id"])


def downgrade() -> None:
    op.drop_table("outbox")
