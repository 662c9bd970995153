"""First tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("queue_migrations", sa.Column("name", sa.Text, primary_key=True))
    op.execute("CREATE SEQUENCE lot_numbers START WITH 1")
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "details", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("correlation_id", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_subject", "audit_log", ["subject", "id"], unique=False)
    op.create_table(
        "cards",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("activity_id", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("card", name=op.f("uq_cards_card")),
    )
    op.create_index(op.f("ix_cards_activity_id"), "cards", ["activity_id"], unique=False)
    op.create_table(
        "companies",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="submitted", nullable=False),
        sa.Column("publication", sa.String(), server_default="hidden", nullable=False),
        sa.Column(
            "answers", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "corrections",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "segments", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("moq", sa.BigInteger(), nullable=True),
        sa.Column("capacity_per_month", sa.BigInteger(), nullable=True),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=True),
        sa.Column("country", sa.String(), server_default="", nullable=False),
        sa.Column("verified_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subscribed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("catalogue_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responsible_id", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_index(
        "ix_companies_published",
        "companies",
        ["publication", "id"],
        unique=False,
        postgresql_where=sa.text("kind = 'factory'"),
    )
    op.create_index("ix_companies_segments", "companies", ["segments"], unique=False, postgresql_using="gin")
    op.create_table(
        "crm_links",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("entity_type_id", sa.BigInteger(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column(
            "snapshot", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_links")),
        sa.UniqueConstraint("ref", name=op.f("uq_crm_links_ref")),
    )
    op.create_index("uq_crm_links_entity", "crm_links", ["entity_type_id", "entity_id"], unique=True)
    op.create_table(
        "gates",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("calls", sa.Double(), server_default="0", nullable=False),
        sa.Column("at", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_gates")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), server_default="todo", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("correlation_id", sa.String(), server_default="", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )
    op.create_index(
        "ix_inbox_done", "inbox", ["processed_at"], unique=False, postgresql_where=sa.text("state = 'done'")
    )
    op.create_index(
        "ix_inbox_lane_waiting",
        "inbox",
        ["lane", "position", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'todo'"),
    )
    op.create_index("uq_inbox_source_key", "inbox", ["source", "key"], unique=True)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("coalesce", sa.String(), server_default="", nullable=False),
        sa.Column("about", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="todo", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("proofs", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("correlation_id", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_about", "outbox", ["about"], unique=False, postgresql_where=sa.text("about <> ''"))
    op.create_index(
        "ix_outbox_coalesce",
        "outbox",
        ["coalesce"],
        unique=True,
        postgresql_where=sa.text("state = 'todo' and coalesce <> ''"),
    )
    op.create_index(
        "ix_outbox_done", "outbox", ["finished_at"], unique=False, postgresql_where=sa.text("state = 'done'")
    )
    op.create_index(
        "ix_outbox_lane_open",
        "outbox",
        ["network", "lane", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('todo', 'doing', 'proving')"),
    )
    op.create_index(
        "ix_outbox_trouble",
        "outbox",
        ["network", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('uncertain', 'dead')"),
    )
    op.create_index(
        "ix_outbox_under_way",
        "outbox",
        ["network", "state", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('doing', 'proving')"),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["network", "rank", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'todo'"),
    )
    op.create_index("uq_outbox_key", "outbox", ["key"], unique=True)
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_id", sa.String(), nullable=False),
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), server_default="", nullable=False),
        sa.Column("last_name", sa.String(), server_default="", nullable=False),
        sa.Column("username", sa.String(), server_default="", nullable=False),
        sa.Column("language", sa.String(), server_default="", nullable=False),
        sa.Column("active_role", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="active", nullable=False),
        sa.Column("start_payload", sa.String(), server_default="", nullable=False),
        sa.Column("current_conversation_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "muted", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("quiet_from", sa.BigInteger(), nullable=True),
        sa.Column("quiet_until", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.String(), server_default="Asia/Tashkent", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_people_telegram_id")),
    )
    op.create_table(
        "portals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("client_endpoint", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="installing", nullable=False),
        sa.Column("access_token", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("application_token", sa.Text(), nullable=True),
        sa.Column("path_secret", sa.String(), nullable=False),
        sa.Column(
            "scopes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("owner_user_id", sa.String(), server_default="", nullable=False),
        sa.Column("language", sa.String(), server_default="", nullable=False),
        sa.Column("trouble", sa.String(), server_default="", nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portals")),
        sa.UniqueConstraint("member_id", name=op.f("uq_portals_member_id")),
    )
    op.create_table(
        "search_words",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("trigrams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_words")),
    )
    op.create_index("ix_search_words_trigrams", "search_words", ["trigrams"], unique=False, postgresql_using="gin")
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "applied_elements",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("outside_id", sa.String(), server_default="", nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portals.id"], name=op.f("fk_applied_elements_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applied_elements")),
    )
    op.create_index("uq_applied_elements_portal_element", "applied_elements", ["portal_id", "element"], unique=True)
    op.create_table(
        "audits",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), server_default="requested", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("responsible_id", sa.String(), server_default="", nullable=False),
        sa.Column("visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_note", sa.String(), server_default="", nullable=False),
        sa.Column("video_url", sa.String(), server_default="", nullable=False),
        sa.Column(
            "scores", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.String(), server_default="", nullable=False),
        sa.Column("conclusion", sa.String(), server_default="", nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_audits_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
    )
    op.create_index(op.f("ix_audits_company_id"), "audits", ["company_id"], unique=False)
    op.create_index(op.f("ix_audits_state"), "audits", ["state"], unique=False)
    op.create_index(
        "uq_audits_company_running",
        "audits",
        ["company_id"],
        unique=True,
        postgresql_where=sa.text("state in ('requested', 'documents', 'visit', 'scoring', 'conditional')"),
    )
    op.create_table(
        "catalogue_entries",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("subscribed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name_words", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("segments", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column(
            "certificates",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("region", sa.String(), server_default="", nullable=False),
        sa.Column("unit", sa.String(), server_default="", nullable=False),
        sa.Column("moq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lead_time_days", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("quality_department", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("completed_orders", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answer_minutes", sa.BigInteger(), nullable=True),
        sa.Column("merit", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_catalogue_entries_company_id")),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_catalogue_entries")),
    )
    op.create_index(op.f("ix_catalogue_entries_refreshed_at"), "catalogue_entries", ["refreshed_at"], unique=False)
    op.create_index(
        "ix_catalogue_entries_segments", "catalogue_entries", ["segments"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "catalogue_words",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_catalogue_words_company_id")),
        sa.PrimaryKeyConstraint("word", "company_id", name=op.f("pk_catalogue_words")),
    )
    op.create_index(op.f("ix_catalogue_words_company_id"), "catalogue_words", ["company_id"], unique=False)
    op.create_table(
        "colleague_links",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_colleague_links_company_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["people.id"], name=op.f("fk_colleague_links_invited_by")),
        sa.ForeignKeyConstraint(["used_by"], ["people.id"], name=op.f("fk_colleague_links_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_links")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_colleague_links_secret_hash")),
    )
    op.create_index(op.f("ix_colleague_links_company_id"), "colleague_links", ["company_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_person_id"), "consents", ["person_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column(
            "answers", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("step", sa.String(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drafts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("uq_drafts_person_form", "drafts", ["person_id", "form"], unique=True)
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("telegram_file_id", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_files_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    op.create_index(op.f("ix_files_owner"), "files", ["owner"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_grants_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_company_id"), "grants", ["company_id"], unique=False)
    op.create_table(
        "lots",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), server_default=sa.text("nextval('lot_numbers')"), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("client_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="submitted", nullable=False),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "fields", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "corrections",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("deliver_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_lots_company_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_lots_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("number", name=op.f("uq_lots_number")),
    )
    op.create_index(op.f("ix_lots_company_id"), "lots", ["company_id"], unique=False)
    op.create_index(op.f("ix_lots_state"), "lots", ["state"], unique=False)
    op.create_index("uq_lots_client_key", "lots", ["company_id", "client_key"], unique=True)
    op.create_table(
        "members",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), server_default="owner", nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_members_company_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_members_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_person_id"), "members", ["person_id"], unique=False)
    op.create_index("uq_members_company_person", "members", ["company_id", "person_id"], unique=True)
    op.create_table(
        "profile_views",
        sa.Column("factory_company_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_company_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["buyer_company_id"], ["companies.id"], name=op.f("fk_profile_views_buyer_company_id")),
        sa.ForeignKeyConstraint(
            ["factory_company_id"], ["companies.id"], name=op.f("fk_profile_views_factory_company_id")
        ),
        sa.PrimaryKeyConstraint("factory_company_id", "buyer_company_id", "day", name=op.f("pk_profile_views")),
    )
    op.create_table(
        "relations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_company_id", sa.BigInteger(), nullable=False),
        sa.Column("factory_company_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("favourite_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["buyer_company_id"], ["companies.id"], name=op.f("fk_relations_buyer_company_id")),
        sa.ForeignKeyConstraint(["factory_company_id"], ["companies.id"], name=op.f("fk_relations_factory_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
    )
    op.create_index(op.f("ix_relations_factory_company_id"), "relations", ["factory_company_id"], unique=False)
    op.create_index("uq_relations_pair", "relations", ["buyer_company_id", "factory_company_id"], unique=True)
    op.create_table(
        "audit_documents",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("audit_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column(
            "file_ids", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("decided_by", sa.String(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_documents_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_documents")),
    )
    op.create_index("uq_audit_documents_audit_code", "audit_documents", ["audit_id", "code"], unique=True)
    op.create_table(
        "banners",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("target", sa.String(), server_default="", nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("audience", sa.String(), server_default="all", nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("clicks", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_banners_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banners")),
    )
    op.create_table(
        "invitations",
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_invitations_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_invitations_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "company_id", name=op.f("pk_invitations")),
    )
    op.create_index("ix_invitations_company", "invitations", ["company_id", "invited_at"], unique=False)
    op.create_table(
        "lot_versions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_versions_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_versions")),
    )
    op.create_index("uq_lot_versions_lot_version", "lot_versions", ["lot_id", "version"], unique=True)
    op.create_table(
        "offers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), server_default="submitted", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("lot_version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=False),
        sa.Column(
            "terms", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shortlisted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("decline_reason", sa.String(), server_default="", nullable=False),
        sa.Column("decided_by", sa.String(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_offers_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_offers_lot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_offers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(op.f("ix_offers_company_id"), "offers", ["company_id"], unique=False)
    op.create_index(op.f("ix_offers_lot_id"), "offers", ["lot_id"], unique=False)
    op.create_index(
        "uq_offers_lot_company_live",
        "offers",
        ["lot_id", "company_id"],
        unique=True,
        postgresql_where=sa.text("state not in ('declined', 'withdrawn')"),
    )
    op.create_table(
        "offer_versions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_versions_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_versions")),
    )
    op.create_index("uq_offer_versions_offer_version", "offer_versions", ["offer_id", "version"], unique=True)
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="contract", nullable=False),
        sa.Column("progress", sa.String(), server_default="", nullable=False),
        sa.Column("percent", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_step", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_orders_company_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_orders_lot_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_orders_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_orders_offer_id")),
    )
    op.create_index(op.f("ix_orders_company_id"), "orders", ["company_id"], unique=False)
    op.create_index(op.f("ix_orders_lot_id"), "orders", ["lot_id"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("masked", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=True),
        sa.Column("offer_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_company_id", sa.BigInteger(), nullable=True),
        sa.Column("factory_company_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("line_chat_id", sa.String(), server_default="", nullable=False),
        sa.Column("line_session_id", sa.String(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owes", sa.String(), server_default="", nullable=False),
        sa.Column("owed_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["buyer_company_id"], ["companies.id"], name=op.f("fk_conversations_buyer_company_id")),
        sa.ForeignKeyConstraint(
            ["factory_company_id"], ["companies.id"], name=op.f("fk_conversations_factory_company_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_conversations_lot_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_conversations_offer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_conversations_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_conversations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_conversations_offer_id")),
    )
    op.create_index(op.f("ix_conversations_buyer_company_id"), "conversations", ["buyer_company_id"], unique=False)
    op.create_index(op.f("ix_conversations_factory_company_id"), "conversations", ["factory_company_id"], unique=False)
    op.create_index(op.f("ix_conversations_line_chat_id"), "conversations", ["line_chat_id"], unique=False)
    op.create_index(op.f("ix_conversations_lot_id"), "conversations", ["lot_id"], unique=False)
    op.create_index(op.f("ix_conversations_owed_since"), "conversations", ["owed_since"], unique=False)
    op.create_table(
        "order_updates",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_order_updates_file_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_updates_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_order_updates_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_updates")),
    )
    op.create_index(op.f("ix_order_updates_order_id"), "order_updates", ["order_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.String(), server_default="", nullable=False),
        sa.Column("kind", sa.String(), server_default="text", nullable=False),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.Column("original", sa.String(), server_default="", nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("telegram_file_id", sa.String(), server_default="", nullable=False),
        sa.Column("clean_file_id", sa.BigInteger(), nullable=True),
        sa.Column("file_state", sa.String(), server_default="", nullable=False),
        sa.Column("file_address", sa.String(), server_default="", nullable=False),
        sa.Column("file_name", sa.String(), server_default="", nullable=False),
        sa.Column("album", sa.String(), server_default="", nullable=False),
        sa.Column("addressed", sa.String(), server_default="both", nullable=False),
        sa.Column("speaker_name", sa.String(), server_default="", nullable=False),
        sa.Column("reply_to_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clean_file_id"], ["files.id"], name=op.f("fk_messages_clean_file_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_messages_file_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_messages_person_id")),
        sa.ForeignKeyConstraint(["reply_to_id"], ["messages.id"], name=op.f("fk_messages_reply_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_conversation_id"), "messages", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_messages_file_state"), "messages", ["file_state"], unique=False)
    op.create_index("uq_messages_source", "messages", ["source", "source_key"], unique=True)
    op.create_table(
        "message_copies",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("outside_id", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="sent", nullable=False),
        sa.Column("outbox_key", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_copies_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_copies")),
    )
    op.create_index(op.f("ix_message_copies_outbox_key"), "message_copies", ["outbox_key"], unique=False)
    op.create_index("ix_message_copies_outside", "message_copies", ["place", "chat", "outside_id"], unique=False)
    op.create_index("uq_message_copies_target", "message_copies", ["message_id", "place", "chat"], unique=True)
    op.create_table(
        "message_parts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("copy_id", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("outside_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["message_copies.id"], name=op.f("fk_message_parts_copy_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_parts")),
    )
    op.create_index("ix_message_parts_copy", "message_parts", ["copy_id"], unique=False)
    op.create_index("uq_message_parts_outside", "message_parts", ["chat", "outside_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_message_parts_outside", table_name="message_parts")
    op.drop_index("ix_message_parts_copy", table_name="message_parts")
    op.drop_table("message_parts")
    op.drop_index("uq_message_copies_target", table_name="message_copies")
    op.drop_index("ix_message_copies_outside", table_name="message_copies")
    op.drop_index(op.f("ix_message_copies_outbox_key"), table_name="message_copies")
    op.drop_table("message_copies")
    op.drop_index("uq_messages_source", table_name="messages")
    op.drop_index(op.f("ix_messages_file_state"), table_name="messages")
    op.drop_index(op.f("ix_messages_conversation_id"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("ix_order_updates_order_id"), table_name="order_updates")
    op.drop_table("order_updates")
    op.drop_index(op.f("ix_conversations_owed_since"), table_name="conversations")
    op.drop_index(op.f("ix_conversations_lot_id"), table_name="conversations")
    op.drop_index(op.f("ix_conversations_line_chat_id"), table_name="conversations")
    op.drop_index(op.f("ix_conversations_factory_company_id"), table_name="conversations")
    op.drop_index(op.f("ix_conversations_buyer_company_id"), table_name="conversations")
    op.drop_table("conversations")
    op.drop_index(op.f("ix_orders_lot_id"), table_name="orders")
    op.drop_index(op.f("ix_orders_company_id"), table_name="orders")
    op.drop_table("orders")
    op.drop_index("uq_offer_versions_offer_version", table_name="offer_versions")
    op.drop_table("offer_versions")
    op.drop_index(
        "uq_offers_lot_company_live",
        table_name="offers",
        postgresql_where=sa.text("state not in ('declined', 'withdrawn')"),
    )
    op.drop_index(op.f("ix_offers_lot_id"), table_name="offers")
    op.drop_index(op.f("ix_offers_company_id"), table_name="offers")
    op.drop_table("offers")
    op.drop_index("uq_lot_versions_lot_version", table_name="lot_versions")
    op.drop_table("lot_versions")
    op.drop_index("ix_invitations_company", table_name="invitations")
    op.drop_table("invitations")
    op.drop_table("banners")
    op.drop_index("uq_audit_documents_audit_code", table_name="audit_documents")
    op.drop_table("audit_documents")
    op.drop_index("uq_relations_pair", table_name="relations")
    op.drop_index(op.f("ix_relations_factory_company_id"), table_name="relations")
    op.drop_table("relations")
    op.drop_table("profile_views")
    op.drop_index("uq_members_company_person", table_name="members")
    op.drop_index(op.f("ix_members_person_id"), table_name="members")
    op.drop_table("members")
    op.drop_index("uq_lots_client_key", table_name="lots")
    op.drop_index(op.f("ix_lots_state"), table_name="lots")
    op.drop_index(op.f("ix_lots_company_id"), table_name="lots")
    op.drop_table("lots")
    op.drop_index(op.f("ix_grants_company_id"), table_name="grants")
    op.drop_table("grants")
    op.drop_index(op.f("ix_files_owner"), table_name="files")
    op.drop_table("files")
    op.drop_index("uq_drafts_person_form", table_name="drafts")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_consents_person_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(op.f("ix_colleague_links_company_id"), table_name="colleague_links")
    op.drop_table("colleague_links")
    op.drop_index(op.f("ix_catalogue_words_company_id"), table_name="catalogue_words")
    op.drop_table("catalogue_words")
    op.drop_index("ix_catalogue_entries_segments", table_name="catalogue_entries", postgresql_using="gin")
    op.drop_index(op.f("ix_catalogue_entries_refreshed_at"), table_name="catalogue_entries")
    op.drop_table("catalogue_entries")
    op.drop_index(
        "uq_audits_company_running",
        table_name="audits",
        postgresql_where=sa.text("state in ('requested', 'documents', 'visit', 'scoring', 'conditional')"),
    )
    op.drop_index(op.f("ix_audits_state"), table_name="audits")
    op.drop_index(op.f("ix_audits_company_id"), table_name="audits")
    op.drop_table("audits")
    op.drop_index("uq_applied_elements_portal_element", table_name="applied_elements")
    op.drop_table("applied_elements")
    op.drop_table("settings")
    op.drop_index("ix_search_words_trigrams", table_name="search_words", postgresql_using="gin")
    op.drop_table("search_words")
    op.drop_table("portals")
    op.drop_table("people")
    op.drop_index("uq_outbox_key", table_name="outbox")
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("state = 'todo'"))
    op.drop_index("ix_outbox_under_way", table_name="outbox", postgresql_where=sa.text("state in ('doing', 'proving')"))
    op.drop_index("ix_outbox_trouble", table_name="outbox", postgresql_where=sa.text("state in ('uncertain', 'dead')"))
    op.drop_index(
        "ix_outbox_lane_open", table_name="outbox", postgresql_where=sa.text("state in ('todo', 'doing', 'proving')")
    )
    op.drop_index("ix_outbox_done", table_name="outbox", postgresql_where=sa.text("state = 'done'"))
    op.drop_index(
        "ix_outbox_coalesce", table_name="outbox", postgresql_where=sa.text("state = 'todo' and coalesce <> ''")
    )
    op.drop_index("ix_outbox_about", table_name="outbox", postgresql_where=sa.text("about <> ''"))
    op.drop_table("outbox")
    op.drop_index("uq_inbox_source_key", table_name="inbox")
    op.drop_index("ix_inbox_lane_waiting", table_name="inbox", postgresql_where=sa.text("state = 'todo'"))
    op.drop_index("ix_inbox_done", table_name="inbox", postgresql_where=sa.text("state = 'done'"))
    op.drop_table("inbox")
    op.drop_table("gates")
    op.drop_index("uq_crm_links_entity", table_name="crm_links")
    op.drop_table("crm_links")
    op.drop_index("ix_companies_segments", table_name="companies", postgresql_using="gin")
    op.drop_index("ix_companies_published", table_name="companies", postgresql_where=sa.text("kind = 'factory'"))
    op.drop_table("companies")
    op.drop_index(op.f("ix_cards_activity_id"), table_name="cards")
    op.drop_table("cards")
    op.drop_index("ix_audit_log_subject", table_name="audit_log")
    op.drop_table("audit_log")
    op.execute("DROP SEQUENCE lot_numbers")
    op.drop_table("queue_migrations")
