"""The first tables: from who is asked to what a sector learnt."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chain_head",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("opens <= closes", name=op.f("ck_cycle_opens_before_it_closes")),
        sa.CheckConstraint("threshold BETWEEN 0 AND 99", name=op.f("ck_cycle_threshold_in_percent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("name", name=op.f("uq_cycle_name")),
    )
    op.create_table(
        "edition_text",
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "file", name=op.f("pk_edition_text")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "partnership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
        sa.UniqueConstraint("name", name=op.f("uq_partnership_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_trail_entry_hash_is_sha256")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_trail_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_trail_entry_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_trail_entry_previous_hash")),
    )
    op.create_table(
        "trust",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust")),
        sa.UniqueConstraint("name", name=op.f("uq_trust_name")),
    )
    op.create_table(
        "cycle_partnership",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("is_host", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_partnership_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_cycle_partnership_partnership_id_partnership"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "partnership_id", name=op.f("pk_cycle_partnership")),
    )
    op.create_index(
        op.f("ix_cycle_partnership_partnership_id"), "cycle_partnership", ["partnership_id"], unique=False
    )
    op.create_index(
        "uq_cycle_partnership_host",
        "cycle_partnership",
        ["cycle_id"],
        unique=True,
        sqlite_where=sa.text("is_host"),
        postgresql_where=sa.text("is_host"),
    )
    op.create_table(
        "cycle_setting",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_setting_cycle_id_cycle")),
        sa.PrimaryKeyConstraint("cycle_id", "setting", name=op.f("pk_cycle_setting")),
    )
    op.create_table(
        "learning_summary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("foreword", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (why IS NULL)", name=op.f("ck_learning_summary_withdrawn_with_a_reason")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_learning_summary_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_learning_summary_partnership_id_partnership"),
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_learning_summary_published_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_summary")),
        sa.UniqueConstraint(
            "cycle_id",
            "partnership_id",
            "sector",
            "number",
            name=op.f("uq_learning_summary_cycle_id_partnership_id_sector_number"),
        ),
    )
    op.create_index(
        "uq_learning_summary_in_force",
        "learning_summary",
        ["cycle_id", "partnership_id", "sector"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("trust_id", sa.Integer(), nullable=True),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(register = 'local') = (owner_id IS NOT NULL)",
            name=op.f("ck_organisation_only_local_has_an_owner"),
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_organisation_closed_has_a_day")
        ),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_organisation_status_known")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["partnership.id"], name=op.f("fk_organisation_owner_id_partnership")
        ),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("fk_organisation_trust_id_trust")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index("ix_organisation_name", "organisation", ["name", "id"], unique=False)
    op.create_index(op.f("ix_organisation_trust_id"), "organisation", ["trust_id"], unique=False)
    op.create_index(
        "uq_organisation_local", "organisation", ["register", "owner_id", "identifier"], unique=True
    )
    op.create_index(
        "uq_organisation_national",
        "organisation",
        ["register", "identifier"],
        unique=True,
        sqlite_where=sa.text("owner_id IS NULL"),
        postgresql_where=sa.text("owner_id IS NULL"),
    )
    op.create_table(
        "partnership_area",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(area) = 3", name=op.f("ck_partnership_area_area_has_three_digits")),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_partnership_area_partnership_id_partnership"),
        ),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_partnership_area")),
    )
    op.create_index(
        op.f("ix_partnership_area_partnership_id"), "partnership_area", ["partnership_id"], unique=False
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_person_id"), "session", ["person_id"], unique=False)
    op.create_table(
        "due",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_due_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_due_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", name=op.f("pk_due")),
    )
    op.create_index(op.f("ix_due_organisation_id"), "due", ["organisation_id"], unique=False)
    op.create_table(
        "excused",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("length(why) > 0", name=op.f("ck_excused_why_given")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_excused_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_excused_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", name=op.f("pk_excused")),
    )
    op.create_index(op.f("ix_excused_organisation_id"), "excused", ["organisation_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("trust_id", sa.Integer(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(role IN ('contributor', 'signatory') AND organisation_id IS NOT NULL AND partnership_id IS NULL AND trust_id IS NULL) OR (role = 'reader' AND trust_id IS NULL AND (organisation_id IS NULL) <> (partnership_id IS NULL)) OR (role = 'officer' AND partnership_id IS NOT NULL AND organisation_id IS NULL AND trust_id IS NULL) OR (role = 'trust_lead' AND trust_id IS NOT NULL AND organisation_id IS NULL AND partnership_id IS NULL) OR (role = 'administrator' AND organisation_id IS NULL AND partnership_id IS NULL AND trust_id IS NULL)",
            name=op.f("ck_membership_role_fits_its_place"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_membership_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("fk_membership_trust_id_trust")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_organisation_id", "membership", ["organisation_id"], unique=False)
    op.create_index("ix_membership_partnership_id", "membership", ["partnership_id"], unique=False)
    op.create_index("ix_membership_person_id", "membership", ["person_id", "id"], unique=False)
    op.create_index("ix_membership_trust_id", "membership", ["trust_id"], unique=False)
    op.create_table(
        "organisation_area",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.CheckConstraint("length(area) = 3", name=op.f("ck_organisation_area_area_has_three_digits")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_area_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "area", name=op.f("pk_organisation_area")),
    )
    op.create_index(
        "ix_organisation_area_area", "organisation_area", ["area", "organisation_id"], unique=False
    )
    op.create_table(
        "return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("trust_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'signed') = (signed_at IS NOT NULL)", name=op.f("ck_return_signed_has_a_moment")
        ),
        sa.CheckConstraint(
            "NOT imported OR status = 'signed'", name=op.f("ck_return_imported_counts_as_signed")
        ),
        sa.CheckConstraint("status IN ('draft', 'signed')", name=op.f("ck_return_status_known")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_return_number_from_one")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_return_cycle_id_cycle")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_return_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["trust_id"], ["trust.id"], name=op.f("fk_return_trust_id_trust")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return")),
        sa.UniqueConstraint(
            "cycle_id", "organisation_id", "number", name=op.f("uq_return_cycle_id_organisation_id_number")
        ),
    )
    op.create_index("ix_return_organisation_id", "return", ["organisation_id", "id"], unique=False)
    op.create_index(
        "uq_return_one_draft",
        "return",
        ["cycle_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_table(
        "succession",
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint("old_id <> new_id", name=op.f("ck_succession_not_itself")),
        sa.ForeignKeyConstraint(
            ["new_id"], ["organisation.id"], name=op.f("fk_succession_new_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["old_id"], ["organisation.id"], name=op.f("fk_succession_old_id_organisation")
        ),
        sa.PrimaryKeyConstraint("old_id", "new_id", name=op.f("pk_succession")),
    )
    op.create_index(op.f("ix_succession_new_id"), "succession", ["new_id"], unique=False)
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("raised_in", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('not_started', 'under_way', 'done', 'embedded')", name=op.f("ck_action_status_known")
        ),
        sa.CheckConstraint("length(lead) BETWEEN 1 AND 200", name=op.f("ck_action_lead_given")),
        sa.CheckConstraint("length(what) BETWEEN 1 AND 2000", name=op.f("ck_action_what_given")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_action_created_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_action_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["raised_in"], ["return.id"], name=op.f("fk_action_raised_in_return")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index("ix_action_organisation_id", "action", ["organisation_id", "key", "id"], unique=False)
    op.create_index(op.f("ix_action_raised_in"), "action", ["raised_in"], unique=False)
    op.create_table(
        "answer",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT (not_applicable AND grade IS NOT NULL)", name=op.f("ck_answer_not_applicable_has_no_grade")
        ),
        sa.CheckConstraint("length(evidence) <= 20000", name=op.f("ck_answer_evidence_within_limit")),
        sa.CheckConstraint("length(reason) <= 2000", name=op.f("ck_answer_reason_within_limit")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_answer_version_from_one")),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_answer_return_id_return")),
        sa.ForeignKeyConstraint(["updated_by"], ["person.id"], name=op.f("fk_answer_updated_by_person")),
        sa.PrimaryKeyConstraint("return_id", "key", name=op.f("pk_answer")),
    )
    op.create_index(
        "ix_answer_grades", "answer", ["return_id", "key", "grade", "not_applicable"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        # A round has few returns and many answers. The planner looks at the first alone, finds the table too
        # small to share out, and would leave all the counting to one processor.
        op.execute("ALTER TABLE return SET (parallel_workers = 2)")
    op.create_table(
        "answer_history",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["return_id"], ["return.id"], name=op.f("fk_answer_history_return_id_return")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["person.id"], name=op.f("fk_answer_history_updated_by_person")
        ),
        sa.PrimaryKeyConstraint("return_id", "key", "version", name=op.f("pk_answer_history")),
    )
    op.create_table(
        "exception",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "NOT (not_applicable AND grade IS NOT NULL)",
            name=op.f("ck_exception_not_applicable_has_no_grade"),
        ),
        sa.CheckConstraint("length(note) > 0", name=op.f("ck_exception_note_given")),
        sa.CheckConstraint(
            "not_applicable OR grade IS NOT NULL", name=op.f("ck_exception_grade_or_not_applicable")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_exception_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_exception_return_id_return")),
        sa.PrimaryKeyConstraint("return_id", "partnership_id", "key", name=op.f("pk_exception")),
    )
    op.create_table(
        "profile_fact",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("answer", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_profile_fact_return_id_return")),
        sa.PrimaryKeyConstraint("return_id", "fact", name=op.f("pk_profile_fact")),
    )
    op.create_table(
        "return_area",
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_return_area_return_id_return")),
        sa.PrimaryKeyConstraint("return_id", "area", name=op.f("pk_return_area")),
    )
    op.create_table(
        "sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("statement_version", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_sign_off_hash_is_sha256")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_off_person_id_person")),
        sa.ForeignKeyConstraint(["return_id"], ["return.id"], name=op.f("fk_sign_off_return_id_return")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_sign_off_content_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_sign_off_previous_hash")),
        sa.UniqueConstraint("receipt", name=op.f("uq_sign_off_receipt")),
        sa.UniqueConstraint("return_id", name=op.f("uq_sign_off_return_id")),
    )
    op.create_table(
        "standard_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("standard", sa.Integer(), nullable=False),
        sa.Column("graded", sa.Integer(), nullable=False),
        sa.Column("weak", sa.Integer(), nullable=False),
        sa.CheckConstraint("standard BETWEEN 1 AND 12", name=op.f("ck_standard_result_standard_of_twelve")),
        sa.CheckConstraint("weak BETWEEN 0 AND graded", name=op.f("ck_standard_result_weak_within_graded")),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_standard_result_partnership_id_partnership")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["return.id"], name=op.f("fk_standard_result_return_id_return")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_result")),
    )
    op.create_index(
        "uq_standard_result", "standard_result", ["return_id", "partnership_id", "standard"], unique=True
    )
    op.create_index(
        "uq_standard_result_main",
        "standard_result",
        ["return_id", "standard"],
        unique=True,
        sqlite_where=sa.text("partnership_id IS NULL"),
        postgresql_where=sa.text("partnership_id IS NULL"),
    )
    _first_rows()


def _first_rows() -> None:
    """The one row about the database, and the beginning of each chain."""
    now = datetime.now(UTC)
    installation = sa.table(
        "installation",
        sa.column("id"),
        sa.column("is_demo"),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    op.bulk_insert(installation, [{"id": 1, "is_demo": False, "created_at": now}])
    chain_head = sa.table("chain_head", sa.column("chain"), sa.column("sequence"), sa.column("hash"))
    op.bulk_insert(
        chain_head, [{"chain": chain, "sequence": 0, "hash": "0" * 64} for chain in ("sign_off", "trail")]
    )


def downgrade() -> None:
    op.drop_index(
        "uq_standard_result_main",
        table_name="standard_result",
        sqlite_where=sa.text("partnership_id IS NULL"),
        postgresql_where=sa.text("partnership_id IS NULL"),
    )
    op.drop_index("uq_standard_result", table_name="standard_result")
    op.drop_table("standard_result")
    op.drop_table("sign_off")
    op.drop_table("return_area")
    op.drop_table("profile_fact")
    op.drop_table("exception")
    op.drop_table("answer_history")
    op.drop_index("ix_answer_grades", table_name="answer")
    op.drop_table("answer")
    op.drop_index(op.f("ix_action_raised_in"), table_name="action")
    op.drop_index("ix_action_organisation_id", table_name="action")
    op.drop_table("action")
    op.drop_index(op.f("ix_succession_new_id"), table_name="succession")
    op.drop_table("succession")
    op.drop_index(
        "uq_return_one_draft",
        table_name="return",
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.drop_index("ix_return_organisation_id", table_name="return")
    op.drop_table("return")
    op.drop_index("ix_organisation_area_area", table_name="organisation_area")
    op.drop_table("organisation_area")
    op.drop_index("ix_membership_trust_id", table_name="membership")
    op.drop_index("ix_membership_person_id", table_name="membership")
    op.drop_index("ix_membership_partnership_id", table_name="membership")
    op.drop_index("ix_membership_organisation_id", table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_excused_organisation_id"), table_name="excused")
    op.drop_table("excused")
    op.drop_index(op.f("ix_due_organisation_id"), table_name="due")
    op.drop_table("due")
    op.drop_index(op.f("ix_session_person_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_partnership_area_partnership_id"), table_name="partnership_area")
    op.drop_table("partnership_area")
    op.drop_index(
        "uq_organisation_national",
        table_name="organisation",
        sqlite_where=sa.text("owner_id IS NULL"),
        postgresql_where=sa.text("owner_id IS NULL"),
    )
    op.drop_index("uq_organisation_local", table_name="organisation")
    op.drop_index(op.f("ix_organisation_trust_id"), table_name="organisation")
    op.drop_index("ix_organisation_name", table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(
        "uq_learning_summary_in_force",
        table_name="learning_summary",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_table("learning_summary")
    op.drop_table("cycle_setting")
    op.drop_index(
        "uq_cycle_partnership_host",
        table_name="cycle_partnership",
        sqlite_where=sa.text("is_host"),
        postgresql_where=sa.text("is_host"),
    )
    op.drop_index(op.f("ix_cycle_partnership_partnership_id"), table_name="cycle_partnership")
    op.drop_table("cycle_partnership")
    op.drop_table("trust")
    op.drop_table("trail_entry")
    op.drop_table("person")
    op.drop_table("partnership")
    op.drop_table("installation")
    op.drop_table("edition_text")
    op.drop_table("cycle")
    op.drop_table("chain_head")
