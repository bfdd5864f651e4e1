"""Which showing of a page wrote an answer, and in which order: what saves itself may arrive out of turn."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("page", sa.Text(), server_default="", nullable=False))
    op.add_column("answer", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("answer", "sequence")
    op.drop_column("answer", "page")
