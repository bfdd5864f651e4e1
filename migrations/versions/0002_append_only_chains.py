"""The trail and the sign-offs can be added to, and no row of theirs changed or taken away."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("trail_entry", "sign_off")
# Whoever owns the database can drop these; `compact trail verify` still finds what they did.
REFUSAL = "this table is only ever added to"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    for table in TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
            )
            continue
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_only_added_to ON {table}")
            continue
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{deed}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION only_added_to()")
