CREATE SCHEMA IF NOT EXISTS kernel;

CREATE SCHEMA IF NOT EXISTS banking;

CREATE SCHEMA IF NOT EXISTS insurance;

CREATE SCHEMA IF NOT EXISTS search;

CREATE SCHEMA IF NOT EXISTS marketplace;

CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;

CREATE TABLE banking.allowances (
	wallet_id UUID NOT NULL, 
	period TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	owner_id UUID NOT NULL, 
	owner_kind TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	applied_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_allowances PRIMARY KEY (wallet_id, period), 
	CONSTRAINT ck_allowances_period CHECK (period IN ('day', 'month', 'payee')), 
	CONSTRAINT ck_allowances_amount_not_negative CHECK (amount_minor >= 0)
);

CREATE INDEX ix_allowances_owner_id ON banking.allowances (owner_id);

CREATE TABLE banking.approval_low_payments (
	person_id UUID NOT NULL, 
	earlier_sum_minor BIGINT NOT NULL, 
	earlier_number INTEGER NOT NULL, 
	CONSTRAINT pk_approval_low_payments PRIMARY KEY (person_id), 
	CONSTRAINT ck_approval_low_payments_counted_up CHECK (earlier_sum_minor >= 0 AND earlier_number >= 0)
);

CREATE TABLE banking.approval_terms (
	valid_from DATE NOT NULL, 
	each_minor BIGINT NOT NULL, 
	earlier_sum_minor BIGINT NOT NULL, 
	earlier_number INTEGER NOT NULL, 
	reduced_a_day_minor BIGINT NOT NULL, 
	approval_seconds INTEGER NOT NULL, 
	risk_bands JSONB NOT NULL, 
	fraud_ppm INTEGER NOT NULL, 
	risk_day_minor BIGINT NOT NULL, 
	risk_day_number INTEGER NOT NULL, 
	quiet_hours INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_approval_terms PRIMARY KEY (valid_from), 
	CONSTRAINT ck_approval_terms_each_within_the_law CHECK (each_minor > 0 AND each_minor <= 3000), 
	CONSTRAINT ck_approval_terms_sum_within_the_law CHECK (earlier_sum_minor <= 10000), 
	CONSTRAINT ck_approval_terms_number_within_the_law CHECK (earlier_number <= 5), 
	CONSTRAINT ck_approval_terms_risk_measured CHECK (fraud_ppm >= 0 AND quiet_hours > 0)
);

CREATE TABLE banking.approvals (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	payer_id UUID NOT NULL, 
	act TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	euro_minor BIGINT, 
	payee TEXT NOT NULL, 
	account TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	nonce TEXT NOT NULL, 
	challenge BYTEA NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	exemption TEXT, 
	given_at TIMESTAMP WITH TIME ZONE, 
	method TEXT, 
	proof JSONB, 
	used_at TIMESTAMP WITH TIME ZONE, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_approvals PRIMARY KEY (id), 
	CONSTRAINT ck_approvals_amount_not_negative CHECK (amount_minor >= 0), 
	CONSTRAINT ck_approvals_open_for_a_while CHECK (expires_at > asked_at), 
	CONSTRAINT ck_approvals_given_before_used CHECK (used_at IS NULL OR given_at IS NOT NULL), 
	CONSTRAINT ck_approvals_given_by_some_method CHECK ((given_at IS NULL) = (method IS NULL)), 
	CONSTRAINT uq_approvals_nonce UNIQUE (nonce)
);

CREATE INDEX ix_approvals_person_id_asked_at ON banking.approvals (person_id, asked_at);

CREATE TABLE banking.batch_files (
	batch_id UUID NOT NULL, 
	content BYTEA NOT NULL, 
	CONSTRAINT pk_batch_files PRIMARY KEY (batch_id)
);

CREATE TABLE banking.card_limits (
	valid_from DATE NOT NULL, 
	currency TEXT NOT NULL, 
	smallest_minor BIGINT NOT NULL, 
	largest_minor BIGINT NOT NULL, 
	refund_days INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_card_limits PRIMARY KEY (valid_from), 
	CONSTRAINT ck_card_limits_a_range CHECK (smallest_minor > 0 AND largest_minor > smallest_minor), 
	CONSTRAINT ck_card_limits_refunds_have_time CHECK (refund_days > 0)
);

CREATE TABLE banking.comparisons (
	id UUID NOT NULL, 
	pair TEXT NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	until TIMESTAMP WITH TIME ZONE NOT NULL, 
	ran_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	compared INTEGER NOT NULL, 
	found INTEGER NOT NULL, 
	CONSTRAINT pk_comparisons PRIMARY KEY (id)
);

CREATE INDEX ix_comparisons_pair ON banking.comparisons (pair, ran_at);

CREATE TABLE banking.customers (
	id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	country TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	tier SMALLINT DEFAULT '0' NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_customers PRIMARY KEY (id), 
	CONSTRAINT ck_customers_kind CHECK (kind IN ('person', 'organisation')), 
	CONSTRAINT ck_customers_tier CHECK (tier BETWEEN 0 AND 2)
);

CREATE TABLE banking.differences (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	pair TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	ours_minor BIGINT NOT NULL, 
	theirs_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	found_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	note TEXT DEFAULT '' NOT NULL, 
	maker_id UUID, 
	checker_id UUID, 
	journal_id BIGINT, 
	CONSTRAINT pk_differences PRIMARY KEY (id), 
	CONSTRAINT ck_differences_kind CHECK (kind IN ('missing', 'duplicate', 'wrong_amount', 'unknown')), 
	CONSTRAINT ck_differences_state CHECK (state IN ('open', 'proposed', 'matched', 'explained', 'booked')), 
	CONSTRAINT ck_differences_closed_has_instant CHECK ((state IN ('open', 'proposed')) = (closed_at IS NULL)), 
	CONSTRAINT ck_differences_booked_by_two CHECK (state <> 'booked' OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND maker_id <> checker_id AND journal_id IS NOT NULL)), 
	CONSTRAINT ck_differences_differs CHECK (ours_minor <> theirs_minor), 
	CONSTRAINT uq_differences_ref UNIQUE (ref)
);

CREATE INDEX ix_differences_closed_at ON banking.differences (closed_at);

CREATE INDEX ix_differences_reference ON banking.differences (pair, reference);

CREATE INDEX ix_differences_waiting ON banking.differences (at) WHERE state IN ('open', 'proposed');

CREATE TABLE banking.entries (
	journal_id BIGINT NOT NULL, 
	leg SMALLINT NOT NULL, 
	id BIGINT GENERATED ALWAYS AS IDENTITY, 
	account_id BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	phase SMALLINT NOT NULL, 
	amount BIGINT NOT NULL, 
	balance_after BIGINT, 
	memo TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_entries PRIMARY KEY (journal_id, leg), 
	CONSTRAINT ck_entries_amount_not_zero CHECK (amount <> 0), 
	CONSTRAINT ck_entries_known_phase CHECK (phase IN (1, 2))
);

CREATE INDEX ix_entries_account_id_id ON banking.entries (account_id, id);

CREATE TABLE banking.escrows (
	order_ref TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	beneficiary_id UUID NOT NULL, 
	payer_wallet_id UUID NOT NULL, 
	note TEXT NOT NULL, 
	funded BIGINT NOT NULL, 
	released BIGINT DEFAULT '0' NOT NULL, 
	refunded BIGINT DEFAULT '0' NOT NULL, 
	frozen BIGINT DEFAULT '0' NOT NULL, 
	state TEXT DEFAULT 'funded' NOT NULL, 
	releasable_at TIMESTAMP WITH TIME ZONE, 
	funded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_escrows PRIMARY KEY (order_ref), 
	CONSTRAINT ck_escrows_funded_positive CHECK (funded > 0), 
	CONSTRAINT ck_escrows_not_negative CHECK (released >= 0 AND refunded >= 0 AND frozen >= 0), 
	CONSTRAINT ck_escrows_within_funded CHECK (released + refunded + frozen <= funded), 
	CONSTRAINT ck_escrows_state_follows_sums CHECK (state = CASE WHEN released + refunded < funded THEN CASE WHEN released > 0 THEN 'partly_released' ELSE 'funded' END WHEN released > 0 THEN 'released' ELSE 'refunded' END)
);

CREATE INDEX ix_escrows_beneficiary_id ON banking.escrows (beneficiary_id);

CREATE INDEX ix_escrows_frozen ON banking.escrows (beneficiary_id) WHERE frozen > 0;

CREATE INDEX ix_escrows_subject ON banking.escrows (subject);

CREATE INDEX ix_escrows_under_way ON banking.escrows (payer_wallet_id) WHERE released + refunded < funded;

CREATE TABLE banking.fx_pegs (
	currency TEXT NOT NULL, 
	valid_from DATE NOT NULL, 
	valid_until DATE, 
	anchor TEXT NOT NULL, 
	per_anchor NUMERIC NOT NULL, 
	attribution TEXT NOT NULL, 
	CONSTRAINT pk_fx_pegs PRIMARY KEY (currency, valid_from), 
	CONSTRAINT ck_fx_pegs_per_anchor_positive CHECK (per_anchor > 0)
);

CREATE TABLE banking.fx_quotes (
	id UUID NOT NULL, 
	owner_id UUID, 
	subject TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	side TEXT NOT NULL, 
	sell TEXT NOT NULL, 
	buy TEXT NOT NULL, 
	sell_minor BIGINT, 
	buy_minor BIGINT, 
	mid_numerator NUMERIC NOT NULL, 
	mid_denominator NUMERIC NOT NULL, 
	margin_bp INTEGER NOT NULL, 
	rate_on DATE NOT NULL, 
	source TEXT NOT NULL, 
	attribution TEXT NOT NULL, 
	quoted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	valid_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	signature TEXT NOT NULL, 
	used_by UUID, 
	CONSTRAINT pk_fx_quotes PRIMARY KEY (id), 
	CONSTRAINT ck_fx_quotes_two_currencies CHECK (sell <> buy), 
	CONSTRAINT ck_fx_quotes_valid_for_a_while CHECK (valid_until > quoted_at), 
	CONSTRAINT ck_fx_quotes_amounts_unless_free CHECK ((side = 'free') = (sell_minor IS NULL) AND (side = 'free') = (buy_minor IS NULL)), 
	CONSTRAINT uq_fx_quotes_used_by UNIQUE (used_by)
);

CREATE INDEX ix_fx_quotes_owner_id ON banking.fx_quotes (owner_id);

CREATE TABLE banking.fx_sources (
	code TEXT NOT NULL, 
	attribution TEXT NOT NULL, 
	max_age_days INTEGER, 
	CONSTRAINT pk_fx_sources PRIMARY KEY (code), 
	CONSTRAINT ck_fx_sources_max_age_days_positive CHECK (max_age_days > 0)
);

CREATE TABLE banking.fx_terms (
	purpose TEXT NOT NULL, 
	sell TEXT NOT NULL, 
	buy TEXT NOT NULL, 
	valid_from DATE NOT NULL, 
	margin_bp INTEGER NOT NULL, 
	quote_seconds INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_fx_terms PRIMARY KEY (purpose, sell, buy, valid_from), 
	CONSTRAINT ck_fx_terms_margin_bp_sane CHECK (margin_bp >= 0 AND margin_bp < 1000), 
	CONSTRAINT ck_fx_terms_quote_seconds_positive CHECK (quote_seconds > 0)
);

CREATE TABLE banking.handles (
	handle TEXT NOT NULL, 
	owner_id UUID NOT NULL, 
	owner_kind TEXT NOT NULL, 
	chosen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	retired_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_handles PRIMARY KEY (handle), 
	CONSTRAINT ck_handles_plain CHECK (handle ~ '^[a-z][a-z0-9._]{3,23}$'), 
	CONSTRAINT ck_handles_owner_kind CHECK (owner_kind IN ('person', 'organisation'))
);

CREATE UNIQUE INDEX uq_handles_owner_id ON banking.handles (owner_id) WHERE retired_at IS NULL;

CREATE TABLE banking.journals (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	key UUID NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	content_hash BYTEA NOT NULL, 
	legs SMALLINT NOT NULL, 
	value_date DATE NOT NULL, 
	booked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	person_id UUID, 
	reverses BIGINT, 
	CONSTRAINT pk_journals PRIMARY KEY (id), 
	CONSTRAINT ck_journals_has_legs CHECK (legs > 0), 
	CONSTRAINT uq_journals_key UNIQUE (key)
);

CREATE INDEX ix_journals_subject ON banking.journals (subject);

CREATE UNIQUE INDEX uq_journals_reverses ON banking.journals (reverses) WHERE reverses IS NOT NULL;

CREATE TABLE banking.ledger_accounts (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	kind TEXT NOT NULL, 
	key TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	guarded BOOLEAN NOT NULL, 
	floor BIGINT, 
	ceiling BIGINT, 
	posted BIGINT DEFAULT '0' NOT NULL, 
	held BIGINT DEFAULT '0' NOT NULL, 
	status SMALLINT DEFAULT '0' NOT NULL, 
	rolled_up_to BIGINT DEFAULT '0' NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_ledger_accounts PRIMARY KEY (id), 
	CONSTRAINT uq_ledger_accounts_name UNIQUE (kind, key, currency), 
	CONSTRAINT ck_ledger_accounts_currency_code CHECK (currency ~ '^[A-Z]{3}$'), 
	CONSTRAINT ck_ledger_accounts_held_not_negative CHECK (held >= 0), 
	CONSTRAINT ck_ledger_accounts_available_above_floor CHECK (NOT guarded OR floor IS NULL OR posted - held >= floor), 
	CONSTRAINT ck_ledger_accounts_posted_below_ceiling CHECK (NOT guarded OR ceiling IS NULL OR posted <= ceiling), 
	CONSTRAINT ck_ledger_accounts_guarded_has_limit CHECK (guarded = (floor IS NOT NULL OR ceiling IS NOT NULL)), 
	CONSTRAINT ck_ledger_accounts_status_bits CHECK (status BETWEEN 0 AND 7)
)
 WITH (fillfactor = 70);

CREATE TABLE banking.own_limits (
	id UUID NOT NULL, 
	wallet_id UUID NOT NULL, 
	period TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	effective_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	asked_by UUID, 
	CONSTRAINT pk_own_limits PRIMARY KEY (id), 
	CONSTRAINT ck_own_limits_period CHECK (period IN ('day', 'month', 'payee')), 
	CONSTRAINT ck_own_limits_amount_not_negative CHECK (amount_minor >= 0), 
	CONSTRAINT ck_own_limits_never_in_the_past CHECK (effective_at >= asked_at)
);

CREATE INDEX ix_own_limits_wallet_id ON banking.own_limits (wallet_id, period, asked_at);

CREATE TABLE banking.owner_allowances (
	owner_id UUID NOT NULL, 
	period TEXT NOT NULL, 
	owner_kind TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	applied_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_owner_allowances PRIMARY KEY (owner_id, period), 
	CONSTRAINT ck_owner_allowances_period CHECK (period IN ('day', 'month')), 
	CONSTRAINT ck_owner_allowances_amount_not_negative CHECK (amount_minor >= 0)
);

CREATE TABLE banking.payout_runs (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	run_on DATE NOT NULL, 
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_payout_runs PRIMARY KEY (id), 
	CONSTRAINT uq_payout_runs_ref UNIQUE (ref)
);

CREATE INDEX ix_payout_runs_begun_at ON banking.payout_runs (begun_at, id);

CREATE UNIQUE INDEX uq_payout_runs_day ON banking.payout_runs (currency, run_on);

CREATE TABLE banking.payout_steps (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	payout_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_payout_steps PRIMARY KEY (id)
);

CREATE INDEX ix_payout_steps_payout_id ON banking.payout_steps (payout_id, id);

CREATE TABLE banking.provider_events (
	provider TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	payment_id UUID, 
	payload JSONB NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_provider_events PRIMARY KEY (provider, event_id)
);

CREATE TABLE banking.rail_faults (
	id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	remaining INTEGER NOT NULL, 
	CONSTRAINT pk_rail_faults PRIMARY KEY (id), 
	CONSTRAINT ck_rail_faults_remaining CHECK (remaining >= 0)
);

CREATE TABLE banking.rail_lines (
	place BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	book TEXT NOT NULL, 
	end_to_end TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_rail_lines PRIMARY KEY (place)
);

CREATE INDEX ix_rail_lines_at ON banking.rail_lines (book, at);

CREATE TABLE banking.rail_messages (
	message_id TEXT NOT NULL, 
	place BIGINT NOT NULL, 
	document TEXT NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_rail_messages PRIMARY KEY (message_id)
);

CREATE INDEX ix_rail_messages_place ON banking.rail_messages (place);

CREATE TABLE banking.rail_notices (
	place BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	message_id TEXT NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_rail_notices PRIMARY KEY (place), 
	CONSTRAINT uq_rail_notices_message_id UNIQUE (message_id)
);

CREATE TABLE banking.rail_orders (
	key UUID NOT NULL, 
	end_to_end TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	creditor_name TEXT NOT NULL, 
	creditor_account TEXT NOT NULL, 
	remittance TEXT NOT NULL, 
	arrives_on DATE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	is_booked BOOLEAN NOT NULL, 
	is_doubled BOOLEAN NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_rail_orders PRIMARY KEY (key), 
	CONSTRAINT ck_rail_orders_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT uq_rail_orders_end_to_end UNIQUE (end_to_end)
);

CREATE INDEX ix_rail_orders_due ON banking.rail_orders (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE banking.resolution_packs (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	asked_by UUID, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE, 
	content BYTEA, 
	sha256 TEXT DEFAULT '' NOT NULL, 
	size BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_resolution_packs PRIMARY KEY (id), 
	CONSTRAINT ck_resolution_packs_made_has_instant CHECK ((content IS NULL) = (made_at IS NULL)), 
	CONSTRAINT uq_resolution_packs_ref UNIQUE (ref)
);

CREATE INDEX ix_resolution_packs_asked_at ON banking.resolution_packs (asked_at);

CREATE TABLE banking.roll_up_mark (
	id SMALLINT NOT NULL, 
	last_entry BIGINT NOT NULL, 
	horizon BIGINT NOT NULL, 
	rolled_up_to BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_roll_up_mark PRIMARY KEY (id), 
	CONSTRAINT ck_roll_up_mark_only_one CHECK (id = 1)
);

CREATE TABLE banking.safeguarding_days (
	"on" DATE NOT NULL, 
	currency TEXT NOT NULL, 
	requirement_minor BIGINT NOT NULL, 
	resource_minor BIGINT NOT NULL, 
	computed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_safeguarding_days PRIMARY KEY ("on", currency)
);

CREATE TABLE banking.safeguarding_scope (
	valid_from DATE NOT NULL, 
	kind TEXT NOT NULL, 
	side TEXT NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_safeguarding_scope PRIMARY KEY (valid_from, kind), 
	CONSTRAINT ck_safeguarding_scope_side CHECK (side IN ('owed', 'resource', 'none'))
);

CREATE TABLE banking.safeguarding_top_ups (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	"on" DATE NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	proposed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	maker_id UUID, 
	checker_id UUID, 
	journal_id BIGINT, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_safeguarding_top_ups PRIMARY KEY (id), 
	CONSTRAINT ck_safeguarding_top_ups_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT ck_safeguarding_top_ups_state CHECK (state IN ('proposed', 'signed', 'booked', 'covered')), 
	CONSTRAINT ck_safeguarding_top_ups_booked_by_two CHECK (state <> 'booked' OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND maker_id <> checker_id AND journal_id IS NOT NULL)), 
	CONSTRAINT ck_safeguarding_top_ups_closed_has_instant CHECK ((state IN ('booked', 'covered')) = (closed_at IS NOT NULL)), 
	CONSTRAINT uq_safeguarding_top_ups_ref UNIQUE (ref)
);

CREATE INDEX ix_safeguarding_top_ups_on ON banking.safeguarding_top_ups ("on");

CREATE UNIQUE INDEX uq_safeguarding_top_ups_open ON banking.safeguarding_top_ups (currency) WHERE state IN ('proposed', 'signed');

CREATE TABLE banking.saved_payees (
	id UUID NOT NULL, 
	owner_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	account TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	removed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_saved_payees PRIMARY KEY (id)
);

CREATE INDEX ix_saved_payees_owner_id ON banking.saved_payees (owner_id, id);

CREATE UNIQUE INDEX uq_saved_payees_owner_id_account ON banking.saved_payees (owner_id, account) WHERE removed_at IS NULL;

CREATE TABLE banking.statement_lines (
	source TEXT NOT NULL, 
	ref TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	imported_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_statement_lines PRIMARY KEY (source, ref)
);

CREATE INDEX ix_statement_lines_imported_at ON banking.statement_lines (source, imported_at);

CREATE INDEX ix_statement_lines_reference ON banking.statement_lines (source, reference);

CREATE TABLE banking.transfer_steps (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	transfer_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_transfer_steps PRIMARY KEY (id)
);

CREATE INDEX ix_transfer_steps_transfer_id ON banking.transfer_steps (transfer_id, id);

CREATE TABLE insurance.quotes (
	id UUID NOT NULL, 
	subject TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	input_hash BYTEA NOT NULL, 
	risk JSONB NOT NULL, 
	levels JSONB NOT NULL, 
	tariff_version TEXT NOT NULL, 
	euro_rate TEXT, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	valid_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_quotes PRIMARY KEY (id), 
	CONSTRAINT ck_quotes_lives_a_while CHECK (valid_until > created_at)
);

CREATE INDEX ix_quotes_subject_input_hash_valid_until ON insurance.quotes (subject, input_hash, valid_until);

CREATE TABLE kernel.audit (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	command TEXT NOT NULL, 
	person_id UUID, 
	actor TEXT NOT NULL, 
	subject JSONB NOT NULL, 
	request_id TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);

CREATE INDEX ix_audit_person_id_at ON kernel.audit (person_id, at);

CREATE TABLE kernel.confirmation (
	session_id UUID NOT NULL, 
	confirmed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	method TEXT NOT NULL, 
	CONSTRAINT pk_confirmation PRIMARY KEY (session_id)
);

CREATE TABLE kernel.delivery (
	event_id UUID NOT NULL, 
	handler TEXT NOT NULL, 
	queue TEXT NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	queued_at TIMESTAMP WITH TIME ZONE, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	done_at TIMESTAMP WITH TIME ZONE, 
	dead_at TIMESTAMP WITH TIME ZONE, 
	error TEXT, 
	CONSTRAINT pk_delivery PRIMARY KEY (event_id, handler)
);

CREATE INDEX ix_delivery_due ON kernel.delivery (due_at) WHERE done_at IS NULL AND dead_at IS NULL;

CREATE TABLE kernel.document (
	subject TEXT NOT NULL, 
	edition TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	content BYTEA NOT NULL, 
	sha256 BYTEA NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_document PRIMARY KEY (subject, edition, locale), 
	CONSTRAINT ck_document_hash_is_sha256 CHECK (octet_length(sha256) = 32)
);

CREATE TABLE kernel.mail (
	id UUID NOT NULL, 
	recipient TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	template TEXT NOT NULL, 
	data JSONB NOT NULL, 
	subject TEXT, 
	text TEXT, 
	html TEXT, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_mail PRIMARY KEY (id)
);

CREATE INDEX ix_mail_recipient_created_at ON kernel.mail (recipient, created_at);

CREATE TABLE kernel.notice_off (
	person_id UUID NOT NULL, 
	notice TEXT NOT NULL, 
	off_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_notice_off PRIMARY KEY (person_id, notice)
);

CREATE TABLE kernel.organisation (
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	country TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_organisation PRIMARY KEY (id)
);

CREATE TABLE kernel.outbox (
	id UUID NOT NULL, 
	seq BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	name TEXT NOT NULL, 
	payload JSONB NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT uq_outbox_seq UNIQUE (seq)
);

CREATE TABLE kernel.outcome (
	scope TEXT NOT NULL, 
	key TEXT NOT NULL, 
	request_hash BYTEA NOT NULL, 
	body JSONB, 
	is_refusal BOOLEAN DEFAULT 'false' NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_outcome PRIMARY KEY (scope, key)
);

CREATE TABLE kernel.person (
	id UUID NOT NULL, 
	email TEXT NOT NULL, 
	name TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	country TEXT NOT NULL, 
	roles TEXT[] NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT ck_person_email_is_lower_case CHECK (email = lower(email)), 
	CONSTRAINT uq_person_email UNIQUE (email)
);

CREATE TABLE kernel.photo (
	id UUID NOT NULL, 
	album TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	owner_id UUID NOT NULL, 
	position INTEGER NOT NULL, 
	alt TEXT DEFAULT '' NOT NULL, 
	kind TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	sha256 BYTEA NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	kept_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_photo PRIMARY KEY (id), 
	CONSTRAINT ck_photo_hash_is_sha256 CHECK (octet_length(sha256) = 32), 
	CONSTRAINT ck_photo_alt_is_short CHECK (length(alt) <= 160), 
	CONSTRAINT ck_photo_measures_are_positive CHECK (width > 0 AND height > 0 AND size > 0)
);

CREATE INDEX ix_photo_owner_id ON kernel.photo (owner_id, album);

CREATE INDEX ix_photo_waiting ON kernel.photo (kept_at) WHERE sent_at IS NULL;

CREATE UNIQUE INDEX uq_photo_same ON kernel.photo (album, subject, owner_id, sha256);

CREATE TABLE kernel.safety_log (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	person_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	kind TEXT NOT NULL, 
	session_id UUID, 
	data JSONB NOT NULL, 
	CONSTRAINT pk_safety_log PRIMARY KEY (id)
);

CREATE INDEX ix_safety_log_person_id_id ON kernel.safety_log (person_id, id);

CREATE TABLE kernel.schedule_run (
	name TEXT NOT NULL, 
	ran_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_schedule_run PRIMARY KEY (name)
);

CREATE TABLE kernel.try_count (
	bucket TEXT NOT NULL, 
	window_started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	tries INTEGER NOT NULL, 
	CONSTRAINT pk_try_count PRIMARY KEY (bucket)
);

CREATE TABLE kernel.used_challenge (
	challenge BYTEA NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_used_challenge PRIMARY KEY (challenge)
);

CREATE TABLE marketplace.address (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	label TEXT NOT NULL, 
	name TEXT NOT NULL, 
	name_latin TEXT NOT NULL, 
	lines TEXT[] NOT NULL, 
	city TEXT NOT NULL, 
	region TEXT NOT NULL, 
	postcode TEXT NOT NULL, 
	country TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	tax_ref TEXT NOT NULL, 
	is_default BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	removed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_address PRIMARY KEY (id), 
	CONSTRAINT ck_address_country_code CHECK (country ~ '^[A-Z]{2}$')
);

CREATE INDEX ix_address_person_id ON marketplace.address (person_id);

CREATE UNIQUE INDEX uq_address_default ON marketplace.address (person_id) WHERE is_default AND removed_at IS NULL;

CREATE TABLE marketplace.attribute (
	key TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	unit TEXT, 
	names JSONB NOT NULL, 
	position INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_attribute PRIMARY KEY (key), 
	CONSTRAINT ck_attribute_kind_known CHECK (kind IN ('choice', 'number'))
);

CREATE TABLE marketplace.authority_entry (
	entry_ref TEXT NOT NULL, 
	parcel_ref TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	lane TEXT NOT NULL, 
	due_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	lodged_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	delay_hours INTEGER NOT NULL, 
	is_refused BOOLEAN NOT NULL, 
	is_silent BOOLEAN NOT NULL, 
	is_duplicated BOOLEAN NOT NULL, 
	is_reordered BOOLEAN NOT NULL, 
	CONSTRAINT pk_authority_entry PRIMARY KEY (entry_ref)
);

CREATE TABLE marketplace.authority_mischief (
	id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	parcel_ref TEXT, 
	hours INTEGER NOT NULL, 
	percent INTEGER NOT NULL, 
	remaining INTEGER NOT NULL, 
	CONSTRAINT pk_authority_mischief PRIMARY KEY (id), 
	CONSTRAINT ck_authority_mischief_kind_is_known CHECK (kind IN ('lose','delay','duplicate','reorder','timeout','refuse','reassess'))
);

CREATE TABLE marketplace.card_dues (
	product_id BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	book TEXT NOT NULL, 
	dues JSONB NOT NULL, 
	CONSTRAINT pk_card_dues PRIMARY KEY (product_id)
)
 WITH (fillfactor = 50);

CREATE TABLE marketplace.carrier_mischief (
	id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	parcel_ref TEXT, 
	hours INTEGER NOT NULL, 
	remaining INTEGER NOT NULL, 
	CONSTRAINT pk_carrier_mischief PRIMARY KEY (id), 
	CONSTRAINT ck_carrier_mischief_kind_is_known CHECK (kind IN ('lose','delay','duplicate','reorder','timeout'))
);

CREATE TABLE marketplace.carrier_parcel (
	serial BIGINT GENERATED BY DEFAULT AS IDENTITY (START WITH 47312482), 
	key UUID NOT NULL, 
	number TEXT, 
	parcel_ref TEXT NOT NULL, 
	service TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	destination TEXT NOT NULL, 
	crosses_border BOOLEAN NOT NULL, 
	booked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	delay_hours INTEGER NOT NULL, 
	is_lost BOOLEAN NOT NULL, 
	is_duplicated BOOLEAN NOT NULL, 
	is_reordered BOOLEAN NOT NULL, 
	CONSTRAINT pk_carrier_parcel PRIMARY KEY (serial), 
	CONSTRAINT uq_carrier_parcel_key UNIQUE (key), 
	CONSTRAINT uq_carrier_parcel_number UNIQUE (number)
);

CREATE TABLE marketplace.cart (
	id UUID NOT NULL, 
	person_id UUID, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_cart PRIMARY KEY (id)
);

CREATE UNIQUE INDEX uq_cart_person_id ON marketplace.cart (person_id);

CREATE TABLE marketplace.category (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	key TEXT NOT NULL, 
	parent_id BIGINT, 
	path BIGINT[] NOT NULL, 
	names JSONB NOT NULL, 
	synonyms JSONB DEFAULT '{}' NOT NULL, 
	position INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_category PRIMARY KEY (id), 
	CONSTRAINT uq_category_key UNIQUE (key), 
	CONSTRAINT fk_category_parent_id FOREIGN KEY(parent_id) REFERENCES marketplace.category (id)
);

CREATE INDEX ix_category_parent_id ON marketplace.category (parent_id);

CREATE TABLE marketplace.checkout (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	cart_id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	country TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	address JSONB, 
	aside JSONB DEFAULT '[]' NOT NULL, 
	reservation_key UUID NOT NULL, 
	reserved_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	group_ref TEXT, 
	approval_id UUID, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_checkout PRIMARY KEY (id), 
	CONSTRAINT ck_checkout_state_known CHECK (state IN ('open', 'paid', 'left')), 
	CONSTRAINT ck_checkout_paid_has_a_group CHECK ((state = 'paid') = (group_ref IS NOT NULL)), 
	CONSTRAINT uq_checkout_ref UNIQUE (ref)
);

CREATE INDEX ix_checkout_person_id ON marketplace.checkout (person_id);

CREATE TABLE marketplace.customs_quote (
	id UUID NOT NULL, 
	subject TEXT NOT NULL, 
	buyer_id UUID, 
	destination_country TEXT NOT NULL, 
	destination_region TEXT, 
	regime TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	goods_minor BIGINT NOT NULL, 
	freight_minor BIGINT NOT NULL, 
	insurance_minor BIGINT NOT NULL, 
	duty_minor BIGINT NOT NULL, 
	tax_minor BIGINT NOT NULL, 
	fee_minor BIGINT NOT NULL, 
	charges_minor BIGINT NOT NULL, 
	incoterm TEXT NOT NULL, 
	collector TEXT NOT NULL, 
	confidence TEXT NOT NULL, 
	row_ids TEXT[] NOT NULL, 
	rules_digest TEXT NOT NULL, 
	line_refs TEXT[] NOT NULL, 
	line_titles TEXT[] NOT NULL, 
	"case" JSONB NOT NULL, 
	result JSONB NOT NULL, 
	quoted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	valid_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_customs_quote PRIMARY KEY (id), 
	CONSTRAINT ck_customs_quote_amounts_are_not_negative CHECK (goods_minor >= 0 AND charges_minor >= 0)
);

CREATE INDEX ix_customs_quote_subject ON marketplace.customs_quote (subject);

CREATE TABLE marketplace.order_group (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	checkout_ref TEXT NOT NULL, 
	person_id UUID NOT NULL, 
	wallet_id UUID NOT NULL, 
	currency TEXT NOT NULL, 
	country TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	address JSONB NOT NULL, 
	premium_minor BIGINT NOT NULL, 
	total_minor BIGINT NOT NULL, 
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_order_group PRIMARY KEY (id), 
	CONSTRAINT ck_order_group_total_is_positive CHECK (total_minor > 0), 
	CONSTRAINT uq_order_group_ref UNIQUE (ref), 
	CONSTRAINT uq_order_group_checkout_ref UNIQUE (checkout_ref)
);

CREATE INDEX ix_order_group_person_id_placed_at ON marketplace.order_group (person_id, placed_at);

CREATE TABLE marketplace.parcel (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	vendor_order_ref TEXT NOT NULL, 
	option_code TEXT NOT NULL, 
	carrier TEXT NOT NULL, 
	tracking_number TEXT, 
	state TEXT NOT NULL, 
	origin JSONB NOT NULL, 
	destination JSONB NOT NULL, 
	crosses_border BOOLEAN NOT NULL, 
	weight_g INTEGER NOT NULL, 
	hazards TEXT[] DEFAULT '{}' NOT NULL, 
	promised_on DATE NOT NULL, 
	dispatched_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	scanned_at TIMESTAMP WITH TIME ZONE, 
	presented_at TIMESTAMP WITH TIME ZONE, 
	cleared_at TIMESTAMP WITH TIME ZONE, 
	delivered_at TIMESTAMP WITH TIME ZONE, 
	lost_at TIMESTAMP WITH TIME ZONE, 
	found_at TIMESTAMP WITH TIME ZONE, 
	returned_at TIMESTAMP WITH TIME ZONE, 
	late_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_parcel PRIMARY KEY (id), 
	CONSTRAINT ck_parcel_weight_is_positive CHECK (weight_g > 0), 
	CONSTRAINT ck_parcel_scanned_before_delivered CHECK (delivered_at IS NULL OR scanned_at IS NOT NULL), 
	CONSTRAINT uq_parcel_ref UNIQUE (ref), 
	CONSTRAINT uq_parcel_tracking_number UNIQUE (tracking_number)
);

CREATE INDEX ix_parcel_open ON marketplace.parcel (promised_on) WHERE state NOT IN ('delivered', 'lost', 'returned');

CREATE INDEX ix_parcel_vendor_order_ref ON marketplace.parcel (vendor_order_ref);

CREATE TABLE marketplace.price_rounding (
	currency TEXT NOT NULL, 
	valid_from DATE NOT NULL, 
	from_minor BIGINT NOT NULL, 
	step_minor BIGINT NOT NULL, 
	less_minor BIGINT NOT NULL, 
	CONSTRAINT pk_price_rounding PRIMARY KEY (currency, valid_from, from_minor), 
	CONSTRAINT ck_price_rounding_step_minor_positive CHECK (step_minor > 0), 
	CONSTRAINT ck_price_rounding_less_minor_within_step CHECK (less_minor >= 0 AND less_minor < step_minor)
);

CREATE TABLE marketplace.product_card (
	product_id BIGINT NOT NULL, 
	version BIGINT NOT NULL, 
	ref TEXT NOT NULL, 
	external_ref TEXT, 
	vendor_id BIGINT NOT NULL, 
	vendor_name TEXT NOT NULL, 
	vendor_latin TEXT NOT NULL, 
	vendor_slug TEXT NOT NULL, 
	country TEXT NOT NULL, 
	offer_id BIGINT NOT NULL, 
	variant_id BIGINT NOT NULL, 
	price_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	own_prices JSONB NOT NULL, 
	price_eur_minor BIGINT, 
	lead_time_days INTEGER NOT NULL, 
	hs_code TEXT, 
	origin_country TEXT, 
	weight_g INTEGER, 
	hazards TEXT[] DEFAULT '{}' NOT NULL, 
	variants INTEGER NOT NULL, 
	offers INTEGER NOT NULL, 
	titles JSONB NOT NULL, 
	source_locale TEXT NOT NULL, 
	picture JSONB, 
	colour TEXT, 
	category_ids BIGINT[] NOT NULL, 
	in_stock BOOLEAN NOT NULL, 
	popularity INTEGER NOT NULL, 
	featured_rank INTEGER NOT NULL, 
	rank BIGINT NOT NULL, 
	listed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	sends_to TEXT[], 
	away TEXT[] DEFAULT '{}' NOT NULL, 
	rating_count INTEGER DEFAULT '0' NOT NULL, 
	rating_total BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_product_card PRIMARY KEY (product_id)
)
 WITH (fillfactor = 80);

CREATE INDEX ix_product_card_external_ref ON marketplace.product_card (external_ref);

CREATE INDEX ix_product_card_featured ON marketplace.product_card (featured_rank) WHERE featured_rank > 0;

CREATE INDEX ix_product_card_vendor_rank ON marketplace.product_card (vendor_id, rank DESC, product_id DESC);

CREATE TABLE marketplace.shelf_count (
	category_id BIGINT NOT NULL, 
	goods INTEGER NOT NULL, 
	away JSONB DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_shelf_count PRIMARY KEY (category_id)
);

CREATE TABLE marketplace.shelf_place (
	category_id BIGINT NOT NULL, 
	product_id BIGINT NOT NULL, 
	rank BIGINT NOT NULL, 
	price_eur_minor BIGINT NOT NULL, 
	listed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	standing BIGINT DEFAULT '0' NOT NULL, 
	away TEXT[] DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_shelf_place PRIMARY KEY (category_id, product_id)
);

CREATE INDEX ix_shelf_place_away ON marketplace.shelf_place (category_id) INCLUDE (away) WHERE away <> '{}';

CREATE INDEX ix_shelf_place_listed ON marketplace.shelf_place (category_id, listed_at DESC, product_id DESC);

CREATE INDEX ix_shelf_place_price ON marketplace.shelf_place (category_id, price_eur_minor, product_id);

CREATE INDEX ix_shelf_place_product_id ON marketplace.shelf_place (product_id);

CREATE INDEX ix_shelf_place_rank ON marketplace.shelf_place (category_id, rank DESC, product_id DESC);

CREATE INDEX ix_shelf_place_standing ON marketplace.shelf_place (category_id, standing DESC, product_id DESC);

CREATE TABLE marketplace.stock_movement (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	offer_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	on_hand INTEGER NOT NULL, 
	reserved INTEGER NOT NULL, 
	allocated INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_stock_movement PRIMARY KEY (id)
);

CREATE INDEX ix_stock_movement_offer_id ON marketplace.stock_movement (offer_id, id);

CREATE TABLE marketplace.stock_reservation (
	id UUID NOT NULL, 
	cart_ref TEXT NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_stock_reservation PRIMARY KEY (id)
);

CREATE INDEX ix_stock_reservation_cart_ref ON marketplace.stock_reservation (cart_ref);

CREATE INDEX ix_stock_reservation_expires_at ON marketplace.stock_reservation (expires_at) WHERE is_open;

CREATE TABLE marketplace.vendor (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	ref TEXT NOT NULL, 
	external_ref TEXT, 
	organisation_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	name_latin TEXT NOT NULL, 
	slug TEXT NOT NULL, 
	country TEXT NOT NULL, 
	city TEXT NOT NULL, 
	city_latin TEXT DEFAULT '' NOT NULL, 
	dispatch_postcode TEXT, 
	language TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	lead_time_days INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	legal JSONB NOT NULL, 
	story JSONB NOT NULL, 
	founded INTEGER, 
	sends_to TEXT[], 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_vendor PRIMARY KEY (id), 
	CONSTRAINT ck_vendor_status_known CHECK (status IN ('active', 'paused', 'suspended')), 
	CONSTRAINT ck_vendor_country_code CHECK (country ~ '^[A-Z]{2}$'), 
	CONSTRAINT ck_vendor_currency_code CHECK (currency ~ '^[A-Z]{3}$'), 
	CONSTRAINT ck_vendor_sends_somewhere CHECK (cardinality(sends_to) > 0), 
	CONSTRAINT ck_vendor_lead_time_days_sane CHECK (lead_time_days BETWEEN 0 AND 60), 
	CONSTRAINT uq_vendor_ref UNIQUE (ref), 
	CONSTRAINT uq_vendor_external_ref UNIQUE (external_ref), 
	CONSTRAINT uq_vendor_organisation_id UNIQUE (organisation_id), 
	CONSTRAINT uq_vendor_slug UNIQUE (slug)
);

CREATE TABLE banking.applications (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	customer_id UUID NOT NULL, 
	goal SMALLINT NOT NULL, 
	state TEXT NOT NULL, 
	name TEXT NOT NULL, 
	born_on DATE, 
	nationality TEXT NOT NULL, 
	street TEXT NOT NULL, 
	postcode TEXT NOT NULL, 
	city TEXT NOT NULL, 
	country TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	submitted_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	erased_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_applications PRIMARY KEY (id), 
	CONSTRAINT ck_applications_goal CHECK (goal IN (1, 2)), 
	CONSTRAINT ck_applications_state CHECK (state IN ('draft', 'submitted', 'asked_again', 'approved', 'refused', 'expired')), 
	CONSTRAINT ck_applications_ended_when_over CHECK ((state IN ('approved', 'refused', 'expired')) = (ended_at IS NOT NULL)), 
	CONSTRAINT ck_applications_erased_is_empty CHECK ((erased_at IS NULL) = (born_on IS NOT NULL) AND (erased_at IS NULL OR (ended_at IS NOT NULL AND name = '' AND street = ''))), 
	CONSTRAINT uq_applications_ref UNIQUE (ref), 
	CONSTRAINT fk_applications_customer_id FOREIGN KEY(customer_id) REFERENCES banking.customers (id)
);

CREATE INDEX ix_applications_customer_id ON banking.applications (customer_id, opened_at);

CREATE INDEX ix_applications_in_review ON banking.applications (submitted_at, id) WHERE state = 'submitted';

CREATE UNIQUE INDEX uq_applications_one_open ON banking.applications (customer_id) WHERE state IN ('draft', 'submitted', 'asked_again');

CREATE TABLE banking.batches (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	owner_id UUID NOT NULL, 
	person_id UUID, 
	source TEXT NOT NULL, 
	file_name TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	digest BYTEA NOT NULL, 
	state TEXT NOT NULL, 
	approval_id UUID, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	approved_at TIMESTAMP WITH TIME ZONE, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_batches PRIMARY KEY (id), 
	CONSTRAINT ck_batches_source CHECK (source IN ('upload', 'payouts')), 
	CONSTRAINT ck_batches_state CHECK (state IN ('checked', 'refused', 'approved', 'finished', 'cancelled')), 
	CONSTRAINT uq_batches_ref UNIQUE (ref), 
	CONSTRAINT fk_batches_approval_id FOREIGN KEY(approval_id) REFERENCES banking.approvals (id)
);

CREATE INDEX ix_batches_open ON banking.batches (opened_at) WHERE state IN ('checked', 'approved');

CREATE INDEX ix_batches_owner_id ON banking.batches (owner_id, id);

CREATE UNIQUE INDEX uq_batches_digest ON banking.batches (owner_id, digest) WHERE state IN ('checked', 'approved', 'finished');

CREATE UNIQUE INDEX uq_batches_message_id ON banking.batches (owner_id, message_id) WHERE state IN ('checked', 'approved', 'finished');

CREATE TABLE banking.escrow_moves (
	key UUID NOT NULL, 
	order_ref TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	amount BIGINT NOT NULL, 
	request_hash BYTEA NOT NULL, 
	journal_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_escrow_moves PRIMARY KEY (key), 
	CONSTRAINT ck_escrow_moves_known_kind CHECK (kind IN ('released', 'refunded')), 
	CONSTRAINT ck_escrow_moves_amount_positive CHECK (amount > 0), 
	CONSTRAINT fk_escrow_moves_order_ref FOREIGN KEY(order_ref) REFERENCES banking.escrows (order_ref)
);

CREATE INDEX ix_escrow_moves_order_ref ON banking.escrow_moves (order_ref);

CREATE TABLE banking.fx_executions (
	id UUID NOT NULL, 
	seq BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	ref TEXT NOT NULL, 
	quote_id UUID NOT NULL, 
	sold_minor BIGINT NOT NULL, 
	spread_minor BIGINT NOT NULL, 
	bought_minor BIGINT NOT NULL, 
	executed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_fx_executions PRIMARY KEY (id), 
	CONSTRAINT ck_fx_executions_both_sides_move CHECK (sold_minor > 0 AND bought_minor > 0), 
	CONSTRAINT uq_fx_executions_ref UNIQUE (ref), 
	CONSTRAINT fk_fx_executions_quote_id FOREIGN KEY(quote_id) REFERENCES banking.fx_quotes (id)
);

CREATE INDEX ix_fx_executions_quote_id ON banking.fx_executions (quote_id, seq);

CREATE TABLE banking.fx_rates (
	currency TEXT NOT NULL, 
	rate_on DATE NOT NULL, 
	per_euro NUMERIC NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_fx_rates PRIMARY KEY (currency, rate_on), 
	CONSTRAINT ck_fx_rates_per_euro_positive CHECK (per_euro > 0), 
	CONSTRAINT fk_fx_rates_source FOREIGN KEY(source) REFERENCES banking.fx_sources (code)
);

CREATE TABLE banking.holds (
	id UUID NOT NULL, 
	journal_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	amount BIGINT NOT NULL, 
	captured BIGINT DEFAULT '0' NOT NULL, 
	released BIGINT DEFAULT '0' NOT NULL, 
	state TEXT DEFAULT 'open' NOT NULL, 
	announced BOOLEAN DEFAULT 'false' NOT NULL, 
	reason TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_holds PRIMARY KEY (id), 
	CONSTRAINT ck_holds_amount_positive CHECK (amount > 0), 
	CONSTRAINT ck_holds_parts_not_negative CHECK (captured >= 0 AND released >= 0), 
	CONSTRAINT ck_holds_parts_within_amount CHECK (captured + released <= amount), 
	CONSTRAINT ck_holds_open_while_something_left CHECK ((state = 'open') = (captured + released < amount)), 
	CONSTRAINT ck_holds_known_state CHECK (state IN ('open', 'captured', 'released', 'expired')), 
	CONSTRAINT uq_holds_journal_id UNIQUE (journal_id), 
	CONSTRAINT fk_holds_account_id FOREIGN KEY(account_id) REFERENCES banking.ledger_accounts (id)
);

CREATE INDEX ix_holds_open_account_id ON banking.holds (account_id) WHERE state = 'open';

CREATE INDEX ix_holds_open_expires_at ON banking.holds (expires_at) WHERE state = 'open';

CREATE INDEX ix_holds_unannounced ON banking.holds (id) WHERE state = 'expired' AND NOT announced;

CREATE TABLE banking.payout_accounts (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	vendor_id UUID NOT NULL, 
	currency TEXT NOT NULL, 
	account TEXT NOT NULL, 
	holder_name TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	person_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	approval_id UUID, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	usable_from TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_payout_accounts PRIMARY KEY (id), 
	CONSTRAINT ck_payout_accounts_state CHECK (state IN ('awaiting_approval', 'active', 'replaced')), 
	CONSTRAINT ck_payout_accounts_usable CHECK ((state = 'awaiting_approval') = (usable_from IS NULL)), 
	CONSTRAINT uq_payout_accounts_ref UNIQUE (ref), 
	CONSTRAINT fk_payout_accounts_approval_id FOREIGN KEY(approval_id) REFERENCES banking.approvals (id)
);

CREATE UNIQUE INDEX uq_payout_accounts_active ON banking.payout_accounts (vendor_id, currency) WHERE state = 'active';

CREATE TABLE banking.safeguarding_parts (
	"on" DATE NOT NULL, 
	currency TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	side TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	CONSTRAINT pk_safeguarding_parts PRIMARY KEY ("on", currency, kind), 
	CONSTRAINT fk_safeguarding_parts_on_currency FOREIGN KEY("on", currency) REFERENCES banking.safeguarding_days ("on", currency)
);

CREATE TABLE banking.standing_orders (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	owner_id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	account TEXT NOT NULL, 
	payee_name TEXT NOT NULL, 
	payee_account TEXT NOT NULL, 
	is_internal BOOLEAN NOT NULL, 
	currency TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	remittance TEXT NOT NULL, 
	cadence TEXT NOT NULL, 
	first_on DATE NOT NULL, 
	last_on DATE, 
	number INTEGER NOT NULL, 
	next_on DATE, 
	tries INTEGER DEFAULT '0' NOT NULL, 
	retry_at TIMESTAMP WITH TIME ZONE, 
	state TEXT NOT NULL, 
	approval_id UUID, 
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_standing_orders PRIMARY KEY (id), 
	CONSTRAINT ck_standing_orders_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT ck_standing_orders_cadence CHECK (cadence IN ('weekly', 'monthly', 'quarterly', 'yearly')), 
	CONSTRAINT ck_standing_orders_state CHECK (state IN ('awaiting_approval', 'active', 'paused', 'ended')), 
	CONSTRAINT ck_standing_orders_last_after_first CHECK (last_on IS NULL OR last_on >= first_on), 
	CONSTRAINT uq_standing_orders_ref UNIQUE (ref), 
	CONSTRAINT fk_standing_orders_approval_id FOREIGN KEY(approval_id) REFERENCES banking.approvals (id)
);

CREATE INDEX ix_standing_orders_next_on ON banking.standing_orders (next_on) WHERE state = 'active' AND next_on IS NOT NULL;

CREATE INDEX ix_standing_orders_owner_id ON banking.standing_orders (owner_id, id);

CREATE TABLE banking.tier_grants (
	id UUID NOT NULL, 
	customer_id UUID NOT NULL, 
	tier SMALLINT NOT NULL, 
	basis TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	granted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	granted_by UUID, 
	CONSTRAINT pk_tier_grants PRIMARY KEY (id), 
	CONSTRAINT ck_tier_grants_basis CHECK (basis IN ('identity', 'documents', 'vouched')), 
	CONSTRAINT ck_tier_grants_tier CHECK (tier BETWEEN 1 AND 2), 
	CONSTRAINT fk_tier_grants_customer_id FOREIGN KEY(customer_id) REFERENCES banking.customers (id)
);

CREATE INDEX ix_tier_grants_customer_id ON banking.tier_grants (customer_id, granted_at);

CREATE TABLE banking.trusted_payees (
	id UUID NOT NULL, 
	owner_id UUID NOT NULL, 
	account TEXT NOT NULL, 
	name TEXT NOT NULL, 
	approval_id UUID NOT NULL, 
	approved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	removed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_trusted_payees PRIMARY KEY (id), 
	CONSTRAINT fk_trusted_payees_approval_id FOREIGN KEY(approval_id) REFERENCES banking.approvals (id)
);

CREATE UNIQUE INDEX uq_trusted_payees_owner_id_account ON banking.trusted_payees (owner_id, account) WHERE removed_at IS NULL;

CREATE TABLE banking.wallets (
	id UUID NOT NULL, 
	serial BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	owner_id UUID NOT NULL, 
	owner_kind TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	iban TEXT NOT NULL, 
	account_id BIGINT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_wallets PRIMARY KEY (id), 
	CONSTRAINT uq_wallets_owner_id_currency UNIQUE (owner_id, currency), 
	CONSTRAINT ck_wallets_owner_kind CHECK (owner_kind IN ('person', 'organisation', 'house')), 
	CONSTRAINT uq_wallets_serial UNIQUE (serial), 
	CONSTRAINT uq_wallets_iban UNIQUE (iban), 
	CONSTRAINT uq_wallets_account_id UNIQUE (account_id), 
	CONSTRAINT fk_wallets_account_id FOREIGN KEY(account_id) REFERENCES banking.ledger_accounts (id)
);

CREATE TABLE insurance.policies (
	id UUID NOT NULL, 
	number TEXT NOT NULL, 
	key UUID NOT NULL, 
	request_hash BYTEA NOT NULL, 
	quote_id UUID NOT NULL, 
	insurer_key TEXT NOT NULL, 
	policyholder_id UUID NOT NULL, 
	wallet_id UUID NOT NULL, 
	parcel_ref TEXT NOT NULL, 
	order_ref TEXT NOT NULL, 
	cover TEXT NOT NULL, 
	goods TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	sum_insured BIGINT NOT NULL, 
	gone_back BIGINT DEFAULT '0' NOT NULL, 
	deductible BIGINT NOT NULL, 
	sections JSONB NOT NULL, 
	delay JSONB, 
	risk JSONB NOT NULL, 
	demands JSONB NOT NULL, 
	tariff_version TEXT NOT NULL, 
	planned_days INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	revision INTEGER DEFAULT '1' NOT NULL, 
	is_claim_notified BOOLEAN DEFAULT 'false' NOT NULL, 
	bound_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	attached_at TIMESTAMP WITH TIME ZONE, 
	delivered_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_policies PRIMARY KEY (id), 
	CONSTRAINT ck_policies_insures_something CHECK (sum_insured > 0), 
	CONSTRAINT ck_policies_bound_first CHECK (attached_at IS NULL OR attached_at >= bound_at), 
	CONSTRAINT ck_policies_known_state CHECK (state IN ('bound', 'attached', 'completed', 'cancelled', 'voided', 'exhausted')), 
	CONSTRAINT ck_policies_attached_has_instant CHECK (state <> 'attached' OR attached_at IS NOT NULL), 
	CONSTRAINT uq_policies_number UNIQUE (number), 
	CONSTRAINT uq_policies_key UNIQUE (key), 
	CONSTRAINT fk_policies_quote_id FOREIGN KEY(quote_id) REFERENCES insurance.quotes (id)
);

CREATE INDEX ix_policies_policyholder_id_bound_at ON insurance.policies (policyholder_id, bound_at);

CREATE UNIQUE INDEX uq_policies_live_parcel_ref ON insurance.policies (parcel_ref) WHERE state NOT IN ('cancelled', 'voided');

CREATE TABLE kernel.authenticator_app (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	secret BYTEA NOT NULL, 
	last_step BIGINT NOT NULL, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	used_at TIMESTAMP WITH TIME ZONE, 
	removed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_authenticator_app PRIMARY KEY (id), 
	CONSTRAINT fk_authenticator_app_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id)
);

CREATE UNIQUE INDEX uq_authenticator_app_person_id ON kernel.authenticator_app (person_id) WHERE removed_at IS NULL;

CREATE TABLE kernel.email_change (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	before TEXT NOT NULL, 
	after TEXT NOT NULL, 
	confirm_digest TEXT NOT NULL, 
	back_digest TEXT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	back_until TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_email_change PRIMARY KEY (id), 
	CONSTRAINT ck_email_change_another_address CHECK (before <> after), 
	CONSTRAINT ck_email_change_open_for_a_while CHECK (expires_at > asked_at), 
	CONSTRAINT ck_email_change_way_back_once_confirmed CHECK ((confirmed_at IS NULL) = (back_until IS NULL)), 
	CONSTRAINT fk_email_change_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id), 
	CONSTRAINT uq_email_change_confirm_digest UNIQUE (confirm_digest), 
	CONSTRAINT uq_email_change_back_digest UNIQUE (back_digest)
);

CREATE UNIQUE INDEX uq_email_change_person_id ON kernel.email_change (person_id) WHERE confirmed_at IS NULL AND ended_at IS NULL;

CREATE TABLE kernel.factor_reset (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	token_digest TEXT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	cancelled_at TIMESTAMP WITH TIME ZONE, 
	done_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_factor_reset PRIMARY KEY (id), 
	CONSTRAINT ck_factor_reset_ends_once CHECK (cancelled_at IS NULL OR done_at IS NULL), 
	CONSTRAINT fk_factor_reset_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id), 
	CONSTRAINT uq_factor_reset_token_digest UNIQUE (token_digest)
);

CREATE UNIQUE INDEX uq_factor_reset_person_id ON kernel.factor_reset (person_id) WHERE cancelled_at IS NULL AND done_at IS NULL;

CREATE TABLE kernel.membership (
	person_id UUID NOT NULL, 
	organisation_id UUID NOT NULL, 
	CONSTRAINT pk_membership PRIMARY KEY (person_id, organisation_id), 
	CONSTRAINT fk_membership_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id), 
	CONSTRAINT fk_membership_organisation_id FOREIGN KEY(organisation_id) REFERENCES kernel.organisation (id)
);

CREATE INDEX ix_membership_organisation_id ON kernel.membership (organisation_id);

CREATE TABLE kernel.passkey (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	credential_id BYTEA NOT NULL, 
	public_key BYTEA NOT NULL, 
	sign_count BIGINT NOT NULL, 
	label TEXT NOT NULL, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	removed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_passkey PRIMARY KEY (id), 
	CONSTRAINT fk_passkey_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id), 
	CONSTRAINT uq_passkey_credential_id UNIQUE (credential_id)
);

CREATE INDEX ix_passkey_person_id ON kernel.passkey (person_id);

CREATE TABLE kernel.password_link (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	token_digest TEXT NOT NULL, 
	email TEXT NOT NULL, 
	password_mark TEXT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	done_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_password_link PRIMARY KEY (id), 
	CONSTRAINT ck_password_link_open_for_a_while CHECK (expires_at > asked_at), 
	CONSTRAINT ck_password_link_ends_once CHECK (ended_at IS NULL OR done_at IS NULL), 
	CONSTRAINT fk_password_link_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id), 
	CONSTRAINT uq_password_link_token_digest UNIQUE (token_digest)
);

CREATE INDEX ix_password_link_person_id_asked_at ON kernel.password_link (person_id, asked_at);

CREATE UNIQUE INDEX uq_password_link_person_id ON kernel.password_link (person_id) WHERE ended_at IS NULL AND done_at IS NULL;

CREATE TABLE kernel.person_session (
	id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	device TEXT NOT NULL, 
	network CIDR, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	waits_until TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_person_session PRIMARY KEY (id), 
	CONSTRAINT ck_person_session_network_is_no_address CHECK (masklen(network) <= CASE family(network) WHEN 4 THEN 24 ELSE 48 END), 
	CONSTRAINT fk_person_session_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id)
);

CREATE INDEX ix_person_session_person_id ON kernel.person_session (person_id);

CREATE TABLE kernel.photo_file (
	photo_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	content BYTEA NOT NULL, 
	CONSTRAINT pk_photo_file PRIMARY KEY (photo_id, name), 
	CONSTRAINT fk_photo_file_photo_id FOREIGN KEY(photo_id) REFERENCES kernel.photo (id) ON DELETE CASCADE
);

CREATE TABLE kernel.recovery_code (
	person_id UUID NOT NULL, 
	digest TEXT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_recovery_code PRIMARY KEY (person_id, digest), 
	CONSTRAINT fk_recovery_code_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id)
);

CREATE TABLE kernel.reduced_spending (
	person_id UUID NOT NULL, 
	until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_reduced_spending PRIMARY KEY (person_id), 
	CONSTRAINT fk_reduced_spending_person_id FOREIGN KEY(person_id) REFERENCES kernel.person (id)
);

CREATE TABLE marketplace.attribute_value (
	attribute_key TEXT NOT NULL, 
	key TEXT NOT NULL, 
	names JSONB NOT NULL, 
	hex TEXT, 
	family TEXT, 
	position INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_attribute_value PRIMARY KEY (attribute_key, key), 
	CONSTRAINT fk_attribute_value_attribute_key FOREIGN KEY(attribute_key) REFERENCES marketplace.attribute (key)
);

CREATE TABLE marketplace.cart_line (
	cart_id UUID NOT NULL, 
	offer_id BIGINT NOT NULL, 
	quantity INTEGER NOT NULL, 
	seen_minor BIGINT NOT NULL, 
	seen_currency TEXT NOT NULL, 
	is_saved BOOLEAN DEFAULT 'false' NOT NULL, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_cart_line PRIMARY KEY (cart_id, offer_id), 
	CONSTRAINT ck_cart_line_quantity_within_limit CHECK (quantity BETWEEN 1 AND 99), 
	CONSTRAINT fk_cart_line_cart_id FOREIGN KEY(cart_id) REFERENCES marketplace.cart (id) ON DELETE CASCADE
);

CREATE TABLE marketplace.checkout_parcel (
	checkout_id UUID NOT NULL, 
	vendor_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	parcel_ref TEXT NOT NULL, 
	lines JSONB NOT NULL, 
	options JSONB NOT NULL, 
	option TEXT NOT NULL, 
	cover TEXT, 
	has_delay BOOLEAN DEFAULT 'false' NOT NULL, 
	informed_at TIMESTAMP WITH TIME ZONE, 
	steps JSONB NOT NULL, 
	customs_quote_id UUID NOT NULL, 
	insurance_quote_id UUID, 
	rate_quote_id UUID, 
	promised_on DATE NOT NULL, 
	valid_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_checkout_parcel PRIMARY KEY (checkout_id, vendor_id), 
	CONSTRAINT fk_checkout_parcel_checkout_id FOREIGN KEY(checkout_id) REFERENCES marketplace.checkout (id) ON DELETE CASCADE
);

CREATE TABLE marketplace.customs_declaration (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	quote_id UUID NOT NULL, 
	parcel_ref TEXT NOT NULL, 
	order_ref TEXT NOT NULL, 
	buyer_id UUID, 
	destination_country TEXT NOT NULL, 
	incoterm TEXT NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	lane TEXT, 
	registration_number TEXT, 
	currency TEXT NOT NULL, 
	quoted_minor BIGINT NOT NULL, 
	assessed_minor BIGINT, 
	document JSONB NOT NULL, 
	drafted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_customs_declaration PRIMARY KEY (id), 
	CONSTRAINT uq_customs_declaration_parcel_ref UNIQUE (parcel_ref), 
	CONSTRAINT uq_customs_declaration_ref UNIQUE (ref), 
	CONSTRAINT ck_customs_declaration_version_counts_from_one CHECK (version >= 1), 
	CONSTRAINT ck_customs_declaration_state_is_known CHECK (state IN ('draft','filed','queried','accepted','assessed','released','refused')), 
	CONSTRAINT fk_customs_declaration_quote_id FOREIGN KEY(quote_id) REFERENCES marketplace.customs_quote (id)
);

CREATE INDEX ix_customs_declaration_buyer_id ON marketplace.customs_declaration (buyer_id, drafted_at);

CREATE TABLE marketplace.listing_draft (
	vendor_id BIGINT NOT NULL, 
	ref TEXT NOT NULL, 
	fields JSONB NOT NULL, 
	version BIGINT NOT NULL, 
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	saved_by UUID, 
	CONSTRAINT pk_listing_draft PRIMARY KEY (vendor_id, ref), 
	CONSTRAINT ck_listing_draft_version_positive CHECK (version > 0), 
	CONSTRAINT fk_listing_draft_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id)
);

CREATE INDEX ix_listing_draft_vendor_id_saved_at ON marketplace.listing_draft (vendor_id, saved_at);

CREATE TABLE marketplace.product (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	ref TEXT NOT NULL, 
	external_ref TEXT, 
	vendor_id BIGINT NOT NULL, 
	category_id BIGINT NOT NULL, 
	source_locale TEXT NOT NULL, 
	brand TEXT NOT NULL, 
	brand_latin TEXT DEFAULT '' NOT NULL, 
	model TEXT NOT NULL, 
	attributes JSONB NOT NULL, 
	warnings JSONB DEFAULT '{}' NOT NULL, 
	responsible JSONB DEFAULT '{}' NOT NULL, 
	option_key TEXT, 
	featured_rank INTEGER, 
	popularity INTEGER DEFAULT '0' NOT NULL, 
	status TEXT NOT NULL, 
	version BIGINT DEFAULT '1' NOT NULL, 
	listed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_product PRIMARY KEY (id), 
	CONSTRAINT ck_product_status_known CHECK (status IN ('draft', 'listed', 'withdrawn', 'removed')), 
	CONSTRAINT uq_product_ref UNIQUE (ref), 
	CONSTRAINT uq_product_external_ref UNIQUE (external_ref), 
	CONSTRAINT fk_product_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id), 
	CONSTRAINT fk_product_category_id FOREIGN KEY(category_id) REFERENCES marketplace.category (id)
);

CREATE INDEX ix_product_brand_latin ON marketplace.product (brand) WHERE brand_latin <> '';

CREATE INDEX ix_product_category_id ON marketplace.product (category_id);

CREATE INDEX ix_product_featured_rank ON marketplace.product (featured_rank) WHERE featured_rank IS NOT NULL;

CREATE INDEX ix_product_vendor_id ON marketplace.product (vendor_id);

CREATE TABLE marketplace.tracking_event (
	seq BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	parcel_id UUID NOT NULL, 
	key TEXT NOT NULL, 
	raw_code TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	offset_minutes INTEGER NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	place TEXT NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_tracking_event PRIMARY KEY (seq), 
	CONSTRAINT uq_tracking_event_parcel_id_key UNIQUE (parcel_id, key), 
	CONSTRAINT fk_tracking_event_parcel_id FOREIGN KEY(parcel_id) REFERENCES marketplace.parcel (id)
);

CREATE TABLE marketplace.vendor_order (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	group_id UUID NOT NULL, 
	vendor_id BIGINT NOT NULL, 
	organisation_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	goods_minor BIGINT NOT NULL, 
	freight_minor BIGINT NOT NULL, 
	duty_minor BIGINT NOT NULL, 
	tax_minor BIGINT NOT NULL, 
	fees_minor BIGINT NOT NULL, 
	total_minor BIGINT NOT NULL, 
	border_back_minor BIGINT DEFAULT '0' NOT NULL, 
	is_returning BOOLEAN DEFAULT 'false' NOT NULL, 
	vendor_currency TEXT NOT NULL, 
	vendor_goods_minor BIGINT NOT NULL, 
	vendor_commission_minor BIGINT NOT NULL, 
	commission_term TEXT NOT NULL, 
	rate_quote_id UUID, 
	customs_quote_id UUID NOT NULL, 
	insurance_quote_id UUID, 
	cover TEXT, 
	delivery JSONB NOT NULL, 
	steps JSONB NOT NULL, 
	ship_by_on DATE NOT NULL, 
	promised_on DATE NOT NULL, 
	delay_told_at TIMESTAMP WITH TIME ZONE, 
	parcel_ref TEXT NOT NULL, 
	origin JSONB NOT NULL, 
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	dispatched_at TIMESTAMP WITH TIME ZONE, 
	delivered_at TIMESTAMP WITH TIME ZONE, 
	release_due_at TIMESTAMP WITH TIME ZONE, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_vendor_order PRIMARY KEY (id), 
	CONSTRAINT ck_vendor_order_total_readds CHECK (total_minor = goods_minor + freight_minor + duty_minor + tax_minor + fees_minor), 
	CONSTRAINT ck_vendor_order_parts_are_not_negative CHECK (goods_minor > 0 AND freight_minor >= 0 AND duty_minor >= 0 AND tax_minor >= 0 AND fees_minor >= 0), 
	CONSTRAINT ck_vendor_order_no_more_back_than_paid CHECK (border_back_minor BETWEEN 0 AND duty_minor + tax_minor + fees_minor), 
	CONSTRAINT ck_vendor_order_commission_within_goods CHECK (vendor_commission_minor BETWEEN 0 AND vendor_goods_minor), 
	CONSTRAINT uq_vendor_order_ref UNIQUE (ref), 
	CONSTRAINT fk_vendor_order_group_id FOREIGN KEY(group_id) REFERENCES marketplace.order_group (id), 
	CONSTRAINT uq_vendor_order_parcel_ref UNIQUE (parcel_ref)
);

CREATE INDEX ix_vendor_order_group_id ON marketplace.vendor_order (group_id);

CREATE INDEX ix_vendor_order_open ON marketplace.vendor_order (organisation_id, state, ship_by_on) WHERE state IN ('paid', 'dispatched', 'in_transit', 'customs', 'delivered');

CREATE INDEX ix_vendor_order_organisation_id_placed_at ON marketplace.vendor_order (organisation_id, placed_at);

CREATE INDEX ix_vendor_order_organisation_id_ship_by_on ON marketplace.vendor_order (organisation_id, ship_by_on);

CREATE INDEX ix_vendor_order_state_release_due_at ON marketplace.vendor_order (state, release_due_at);

CREATE TABLE marketplace.vendor_rating (
	vendor_id BIGINT NOT NULL, 
	one INTEGER DEFAULT '0' NOT NULL, 
	two INTEGER DEFAULT '0' NOT NULL, 
	three INTEGER DEFAULT '0' NOT NULL, 
	four INTEGER DEFAULT '0' NOT NULL, 
	five INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_vendor_rating PRIMARY KEY (vendor_id), 
	CONSTRAINT ck_vendor_rating_counts_not_negative CHECK (one >= 0 AND two >= 0 AND three >= 0 AND four >= 0 AND five >= 0), 
	CONSTRAINT fk_vendor_rating_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id)
);

CREATE TABLE banking.application_checks (
	id UUID NOT NULL, 
	application_id UUID NOT NULL, 
	verdict TEXT NOT NULL, 
	provider_ref TEXT NOT NULL, 
	hits JSONB NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_application_checks PRIMARY KEY (id), 
	CONSTRAINT ck_application_checks_verdict CHECK (verdict IN ('clear', 'not_confirmed', 'ask_again', 'match')), 
	CONSTRAINT fk_application_checks_application_id FOREIGN KEY(application_id) REFERENCES banking.applications (id)
);

CREATE INDEX ix_application_checks_application_id ON banking.application_checks (application_id, at);

CREATE TABLE banking.application_companies (
	application_id UUID NOT NULL, 
	legal_name TEXT NOT NULL, 
	registration_number TEXT NOT NULL, 
	registered_in TEXT NOT NULL, 
	street TEXT NOT NULL, 
	postcode TEXT NOT NULL, 
	city TEXT NOT NULL, 
	country TEXT NOT NULL, 
	CONSTRAINT pk_application_companies PRIMARY KEY (application_id), 
	CONSTRAINT fk_application_companies_application_id FOREIGN KEY(application_id) REFERENCES banking.applications (id)
);

CREATE TABLE banking.application_documents (
	id UUID NOT NULL, 
	application_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	kept_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_application_documents PRIMARY KEY (id), 
	CONSTRAINT ck_application_documents_size_positive CHECK (size > 0), 
	CONSTRAINT fk_application_documents_application_id FOREIGN KEY(application_id) REFERENCES banking.applications (id)
);

CREATE INDEX ix_application_documents_application_id ON banking.application_documents (application_id, kept_at);

CREATE TABLE banking.application_reviews (
	id UUID NOT NULL, 
	application_id UUID NOT NULL, 
	step TEXT NOT NULL, 
	decision TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	officer_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_application_reviews PRIMARY KEY (id), 
	CONSTRAINT ck_application_reviews_step CHECK (step IN ('proposed', 'confirmed', 'returned')), 
	CONSTRAINT ck_application_reviews_decision CHECK (decision IN ('approve', 'ask_again', 'refuse')), 
	CONSTRAINT ck_application_reviews_reason_unless_approved CHECK ((decision = 'approve') = (reason = '')), 
	CONSTRAINT fk_application_reviews_application_id FOREIGN KEY(application_id) REFERENCES banking.applications (id)
);

CREATE INDEX ix_application_reviews_application_id ON banking.application_reviews (application_id, at);

CREATE TABLE banking.batch_faults (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	batch_id UUID NOT NULL, 
	group_number INTEGER NOT NULL, 
	line_number INTEGER NOT NULL, 
	field TEXT NOT NULL, 
	code TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_batch_faults PRIMARY KEY (id), 
	CONSTRAINT fk_batch_faults_batch_id FOREIGN KEY(batch_id) REFERENCES banking.batches (id)
);

CREATE INDEX ix_batch_faults_batch_id ON banking.batch_faults (batch_id, id);

CREATE TABLE banking.batch_groups (
	batch_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	group_ref TEXT NOT NULL, 
	debtor TEXT NOT NULL, 
	wallet_id UUID, 
	person_id UUID, 
	due_on DATE, 
	lines INTEGER NOT NULL, 
	total_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_batch_groups PRIMARY KEY (batch_id, number), 
	CONSTRAINT ck_batch_groups_state CHECK (state IN ('ready', 'refused', 'waiting', 'booked', 'declined', 'cancelled')), 
	CONSTRAINT ck_batch_groups_wallet_when_payable CHECK (state = 'refused' OR wallet_id IS NOT NULL), 
	CONSTRAINT fk_batch_groups_batch_id FOREIGN KEY(batch_id) REFERENCES banking.batches (id), 
	CONSTRAINT fk_batch_groups_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id)
);

CREATE INDEX ix_batch_groups_open ON banking.batch_groups (wallet_id) WHERE state IN ('ready', 'waiting');

CREATE INDEX ix_batch_groups_waiting ON banking.batch_groups (due_on) WHERE state = 'waiting';

CREATE TABLE banking.card_payments (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	wallet_id UUID NOT NULL, 
	owner_id UUID NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	state TEXT NOT NULL, 
	page_ref TEXT, 
	page_url TEXT, 
	payment_ref TEXT, 
	fee_minor BIGINT, 
	refunded_minor BIGINT DEFAULT '0' NOT NULL, 
	disputed_minor BIGINT DEFAULT '0' NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	asked INTEGER NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE, 
	captured_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_card_payments PRIMARY KEY (id), 
	CONSTRAINT ck_card_payments_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT ck_card_payments_back_within_amount CHECK (refunded_minor BETWEEN 0 AND amount_minor AND disputed_minor >= 0), 
	CONSTRAINT ck_card_payments_state CHECK (state IN ('started', 'open', 'processing', 'captured', 'expired', 'in_question')), 
	CONSTRAINT ck_card_payments_captured_at_when_captured CHECK ((state = 'captured') = (captured_at IS NOT NULL)), 
	CONSTRAINT uq_card_payments_ref UNIQUE (ref), 
	CONSTRAINT fk_card_payments_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id), 
	CONSTRAINT uq_card_payments_page_ref UNIQUE (page_ref), 
	CONSTRAINT uq_card_payments_payment_ref UNIQUE (payment_ref)
);

CREATE INDEX ix_card_payments_in_doubt ON banking.card_payments (started_at) WHERE state IN ('started', 'open', 'processing');

CREATE INDEX ix_card_payments_owner_id ON banking.card_payments (owner_id, started_at);

CREATE TABLE banking.closings (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	owner_id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	wallet_id UUID, 
	approval_id UUID, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	done_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_closings PRIMARY KEY (id), 
	CONSTRAINT uq_closings_ref UNIQUE (ref), 
	CONSTRAINT fk_closings_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id), 
	CONSTRAINT fk_closings_approval_id FOREIGN KEY(approval_id) REFERENCES banking.approvals (id)
);

CREATE INDEX ix_closings_owner_id ON banking.closings (owner_id, asked_at);

CREATE TABLE banking.fx_refunds (
	id UUID NOT NULL, 
	execution_id UUID NOT NULL, 
	bought_minor BIGINT NOT NULL, 
	sold_minor BIGINT NOT NULL, 
	spread_minor BIGINT NOT NULL, 
	value_minor BIGINT NOT NULL, 
	result_minor BIGINT NOT NULL, 
	refunded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_fx_refunds PRIMARY KEY (id), 
	CONSTRAINT ck_fx_refunds_something_goes_back CHECK (bought_minor > 0 AND sold_minor >= 0), 
	CONSTRAINT ck_fx_refunds_parts_re_add CHECK (sold_minor = spread_minor + value_minor + result_minor), 
	CONSTRAINT fk_fx_refunds_execution_id FOREIGN KEY(execution_id) REFERENCES banking.fx_executions (id)
);

CREATE INDEX ix_fx_refunds_execution_id ON banking.fx_refunds (execution_id);

CREATE TABLE banking.late_credits (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	wallet_id UUID NOT NULL, 
	owner_id UUID NOT NULL, 
	owner_kind TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	state TEXT NOT NULL, 
	attempt INTEGER NOT NULL, 
	account TEXT, 
	holder TEXT, 
	sent_minor BIGINT, 
	sent_currency TEXT, 
	token_digest BYTEA, 
	link_until TIMESTAMP WITH TIME ZONE, 
	letters INTEGER NOT NULL, 
	arrived_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_late_credits PRIMARY KEY (id), 
	CONSTRAINT ck_late_credits_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT ck_late_credits_known_state CHECK (state IN ('waiting', 'named', 'sent', 'paid')), 
	CONSTRAINT ck_late_credits_named_before_it_goes CHECK ((state = 'waiting') = (account IS NULL) AND (account IS NULL) = (sent_minor IS NULL)), 
	CONSTRAINT ck_late_credits_link_ends CHECK ((token_digest IS NULL) = (link_until IS NULL) AND letters >= 0), 
	CONSTRAINT uq_late_credits_ref UNIQUE (ref), 
	CONSTRAINT fk_late_credits_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id), 
	CONSTRAINT uq_late_credits_token_digest UNIQUE (token_digest)
);

CREATE INDEX ix_late_credits_owner_id ON banking.late_credits (owner_id);

CREATE INDEX ix_late_credits_state ON banking.late_credits (state);

CREATE INDEX ix_late_credits_subject ON banking.late_credits (subject);

CREATE TABLE banking.money_requests (
	id UUID NOT NULL, 
	token TEXT NOT NULL, 
	owner_id UUID NOT NULL, 
	wallet_id UUID NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_money_requests PRIMARY KEY (id), 
	CONSTRAINT ck_money_requests_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT ck_money_requests_open_for_a_while CHECK (expires_at > asked_at), 
	CONSTRAINT uq_money_requests_token UNIQUE (token), 
	CONSTRAINT fk_money_requests_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id)
);

CREATE INDEX ix_money_requests_owner_id ON banking.money_requests (owner_id, id);

CREATE TABLE banking.payout_plans (
	vendor_id UUID NOT NULL, 
	currency TEXT NOT NULL, 
	account_id UUID NOT NULL, 
	cadence TEXT NOT NULL, 
	weekday INTEGER NOT NULL, 
	month_day INTEGER NOT NULL, 
	least_minor BIGINT NOT NULL, 
	nominal_on DATE, 
	next_on DATE, 
	returned_ref TEXT NOT NULL, 
	held_words TEXT NOT NULL, 
	held_by UUID, 
	held_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_payout_plans PRIMARY KEY (vendor_id, currency), 
	CONSTRAINT ck_payout_plans_cadence CHECK (cadence IN ('daily', 'weekly', 'monthly', 'by_hand')), 
	CONSTRAINT ck_payout_plans_days CHECK (weekday BETWEEN 0 AND 4 AND month_day BETWEEN 1 AND 31), 
	CONSTRAINT ck_payout_plans_least_positive CHECK (least_minor > 0), 
	CONSTRAINT ck_payout_plans_held_by_somebody CHECK ((held_words = '') = (held_by IS NULL)), 
	CONSTRAINT ck_payout_plans_next_on CHECK ((cadence = 'by_hand') = (next_on IS NULL)), 
	CONSTRAINT fk_payout_plans_account_id FOREIGN KEY(account_id) REFERENCES banking.payout_accounts (id)
);

CREATE INDEX ix_payout_plans_next_on ON banking.payout_plans (next_on) WHERE next_on IS NOT NULL;

CREATE TABLE banking.payouts (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	run_id UUID NOT NULL, 
	vendor_id UUID NOT NULL, 
	wallet_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	currency TEXT NOT NULL, 
	period TEXT NOT NULL, 
	opening_minor BIGINT NOT NULL, 
	available_minor BIGINT NOT NULL, 
	owed_minor BIGINT NOT NULL, 
	reserve_minor BIGINT NOT NULL, 
	fee_minor BIGINT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	after_entry BIGINT NOT NULL, 
	upto_entry BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	arrives_on DATE NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	batch_id UUID, 
	batch_group INTEGER, 
	transfer_id UUID, 
	again_for UUID, 
	CONSTRAINT pk_payouts PRIMARY KEY (id), 
	CONSTRAINT ck_payouts_state CHECK (state IN ('made', 'sent', 'paid', 'returned', 'failed')), 
	CONSTRAINT ck_payouts_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT ck_payouts_adds_up CHECK (least(fee_minor, owed_minor, reserve_minor) >= 0 AND amount_minor + fee_minor + owed_minor + reserve_minor = available_minor), 
	CONSTRAINT uq_payouts_ref UNIQUE (ref), 
	CONSTRAINT fk_payouts_run_id FOREIGN KEY(run_id) REFERENCES banking.payout_runs (id), 
	CONSTRAINT fk_payouts_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id), 
	CONSTRAINT fk_payouts_account_id FOREIGN KEY(account_id) REFERENCES banking.payout_accounts (id), 
	CONSTRAINT fk_payouts_batch_id FOREIGN KEY(batch_id) REFERENCES banking.batches (id), 
	CONSTRAINT uq_payouts_transfer_id UNIQUE (transfer_id), 
	CONSTRAINT uq_payouts_again_for UNIQUE (again_for), 
	CONSTRAINT fk_payouts_again_for FOREIGN KEY(again_for) REFERENCES banking.payouts (id)
);

CREATE INDEX ix_payouts_run_id ON banking.payouts (run_id, id);

CREATE INDEX ix_payouts_state ON banking.payouts (state, made_at, id);

CREATE INDEX ix_payouts_state_amount ON banking.payouts (state, currency, amount_minor, id);

CREATE INDEX ix_payouts_vendor_id ON banking.payouts (vendor_id, made_at, id);

CREATE UNIQUE INDEX uq_payouts_batch_line ON banking.payouts (batch_id, batch_group);

CREATE TABLE banking.pots (
	id UUID NOT NULL, 
	wallet_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	target_minor BIGINT, 
	due_on DATE, 
	hold_id UUID, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_pots PRIMARY KEY (id), 
	CONSTRAINT ck_pots_target_positive CHECK (target_minor > 0), 
	CONSTRAINT ck_pots_name_fits CHECK (char_length(name) BETWEEN 1 AND 60), 
	CONSTRAINT ck_pots_closed_is_empty CHECK (closed_at IS NULL OR hold_id IS NULL), 
	CONSTRAINT fk_pots_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id), 
	CONSTRAINT fk_pots_hold_id FOREIGN KEY(hold_id) REFERENCES banking.holds (id)
);

CREATE INDEX ix_pots_open_wallet_id ON banking.pots (wallet_id) WHERE closed_at IS NULL;

CREATE TABLE banking.standing_runs (
	order_id UUID NOT NULL, 
	period TEXT NOT NULL, 
	due_on DATE NOT NULL, 
	result TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	transfer_ref TEXT, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_standing_runs PRIMARY KEY (order_id, period), 
	CONSTRAINT ck_standing_runs_result CHECK (result IN ('paid', 'failed', 'missed')), 
	CONSTRAINT ck_standing_runs_paid_by_one CHECK ((result = 'paid') = (transfer_ref IS NOT NULL)), 
	CONSTRAINT fk_standing_runs_order_id FOREIGN KEY(order_id) REFERENCES banking.standing_orders (id)
);

CREATE TABLE banking.statement_orders (
	id UUID NOT NULL, 
	seq BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	ref TEXT NOT NULL, 
	wallet_id UUID NOT NULL, 
	since_on DATE NOT NULL, 
	until_on DATE NOT NULL, 
	format TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	sequence INTEGER, 
	after_entry BIGINT NOT NULL, 
	last_entry BIGINT NOT NULL, 
	entries INTEGER NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ready_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_statement_orders PRIMARY KEY (id), 
	CONSTRAINT ck_statement_orders_days_in_order CHECK (until_on >= since_on), 
	CONSTRAINT uq_statement_orders_ref UNIQUE (ref), 
	CONSTRAINT fk_statement_orders_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id)
);

CREATE INDEX ix_statement_orders_wallet_id_seq ON banking.statement_orders (wallet_id, seq);

CREATE TABLE banking.statements (
	wallet_id UUID NOT NULL, 
	sequence INTEGER NOT NULL, 
	month DATE NOT NULL, 
	after_entry BIGINT NOT NULL, 
	last_entry BIGINT NOT NULL, 
	opening_minor BIGINT NOT NULL, 
	closing_minor BIGINT NOT NULL, 
	entries INTEGER NOT NULL, 
	fingerprint BYTEA NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_statements PRIMARY KEY (wallet_id, sequence), 
	CONSTRAINT uq_statements_wallet_id_month UNIQUE (wallet_id, month), 
	CONSTRAINT ck_statements_sequence_from_one CHECK (sequence > 0), 
	CONSTRAINT ck_statements_entries_in_order CHECK (last_entry >= after_entry), 
	CONSTRAINT ck_statements_fingerprint_is_sha256 CHECK (octet_length(fingerprint) = 32), 
	CONSTRAINT fk_statements_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id)
);

CREATE TABLE banking.transfers (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	owner_id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	locale TEXT NOT NULL, 
	account TEXT NOT NULL, 
	payee_name TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	holder_name TEXT NOT NULL, 
	payee_id UUID, 
	payee_kind TEXT, 
	payee_account TEXT, 
	wallet_id UUID, 
	currency TEXT, 
	amount_minor BIGINT, 
	fee_minor BIGINT NOT NULL, 
	remittance TEXT NOT NULL, 
	due_on DATE, 
	arrives_on DATE, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	approval_id UUID, 
	approve_until TIMESTAMP WITH TIME ZONE, 
	request_id UUID, 
	series_id UUID, 
	batch_id UUID, 
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	leaves_at TIMESTAMP WITH TIME ZONE, 
	taken_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_transfers PRIMARY KEY (id), 
	CONSTRAINT ck_transfers_state CHECK (state IN ('draft', 'awaiting_approval', 'scheduled', 'accepted', 'sent', 'settled', 'returned', 'cancelled', 'declined')), 
	CONSTRAINT ck_transfers_amounts CHECK (amount_minor > 0 AND fee_minor >= 0), 
	CONSTRAINT ck_transfers_complete_when_confirmed CHECK (state = 'draft' OR (amount_minor IS NOT NULL AND wallet_id IS NOT NULL AND confirmed_at IS NOT NULL) OR state = 'cancelled'), 
	CONSTRAINT ck_transfers_remittance_fits CHECK (length(remittance) <= 140), 
	CONSTRAINT uq_transfers_ref UNIQUE (ref), 
	CONSTRAINT fk_transfers_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id), 
	CONSTRAINT fk_transfers_approval_id FOREIGN KEY(approval_id) REFERENCES banking.approvals (id)
);

CREATE INDEX ix_transfers_owner_id ON banking.transfers (owner_id, confirmed_at, id);

CREATE INDEX ix_transfers_payee_id ON banking.transfers (payee_id) WHERE payee_id IS NOT NULL;

CREATE INDEX ix_transfers_under_way ON banking.transfers (state) WHERE state IN ('draft', 'awaiting_approval', 'scheduled', 'accepted', 'sent');

CREATE UNIQUE INDEX uq_transfers_request_id ON banking.transfers (request_id) WHERE request_id IS NOT NULL AND state NOT IN ('draft', 'cancelled', 'declined', 'returned');

CREATE TABLE insurance.claims (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	policy_id UUID NOT NULL, 
	policyholder_id UUID NOT NULL, 
	cause TEXT NOT NULL, 
	state TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	claimed BIGINT NOT NULL, 
	reserve BIGINT NOT NULL, 
	payable BIGINT NOT NULL, 
	payee TEXT NOT NULL, 
	wallet_id UUID NOT NULL, 
	facts JSONB NOT NULL, 
	sums JSONB NOT NULL, 
	trace JSONB DEFAULT '[]' NOT NULL, 
	refusal TEXT, 
	proposal JSONB, 
	appeal JSONB, 
	maker_id UUID, 
	checker_id UUID, 
	loss_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decided_at TIMESTAMP WITH TIME ZONE, 
	paid_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_claims PRIMARY KEY (id), 
	CONSTRAINT uq_claims_policy_id_cause UNIQUE (policy_id, cause), 
	CONSTRAINT ck_claims_not_negative CHECK (payable >= 0 AND reserve >= 0 AND claimed >= 0), 
	CONSTRAINT ck_claims_paid_has_instant CHECK ((paid_at IS NOT NULL) = (state = 'paid')), 
	CONSTRAINT ck_claims_maker_is_not_checker CHECK (maker_id IS NULL OR checker_id IS NULL OR maker_id <> checker_id), 
	CONSTRAINT uq_claims_ref UNIQUE (ref), 
	CONSTRAINT fk_claims_policy_id FOREIGN KEY(policy_id) REFERENCES insurance.policies (id)
);

CREATE INDEX ix_claims_open ON insurance.claims (opened_at) WHERE state NOT IN ('paid', 'refused');

CREATE INDEX ix_claims_policyholder_id_opened_at ON insurance.claims (policyholder_id, opened_at);

CREATE TABLE insurance.notice_drafts (
	policy_id UUID NOT NULL, 
	policyholder_id UUID NOT NULL, 
	cause TEXT NOT NULL, 
	loss TEXT NOT NULL, 
	description TEXT NOT NULL, 
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_notice_drafts PRIMARY KEY (policy_id), 
	CONSTRAINT fk_notice_drafts_policy_id FOREIGN KEY(policy_id) REFERENCES insurance.policies (id)
);

CREATE INDEX ix_notice_drafts_policyholder_id ON insurance.notice_drafts (policyholder_id);

CREATE TABLE insurance.policy_entries (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	policy_id UUID NOT NULL, 
	what TEXT NOT NULL, 
	state TEXT NOT NULL, 
	facts JSONB NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_policy_entries PRIMARY KEY (id), 
	CONSTRAINT fk_policy_entries_policy_id FOREIGN KEY(policy_id) REFERENCES insurance.policies (id)
);

CREATE INDEX ix_policy_entries_policy_id_id ON insurance.policy_entries (policy_id, id);

CREATE TABLE marketplace.customs_declaration_step (
	seq BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	declaration_id UUID NOT NULL, 
	answer_id TEXT, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	actor TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_customs_declaration_step PRIMARY KEY (seq), 
	CONSTRAINT uq_customs_declaration_step_declaration_id_answer_id UNIQUE (declaration_id, answer_id), 
	CONSTRAINT fk_customs_declaration_step_declaration_id FOREIGN KEY(declaration_id) REFERENCES marketplace.customs_declaration (id)
);

CREATE INDEX ix_customs_declaration_step_declaration_id ON marketplace.customs_declaration_step (declaration_id, seq);

CREATE TABLE marketplace.listing_decision (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	product_id BIGINT NOT NULL, 
	vendor_id BIGINT NOT NULL, 
	outcome TEXT NOT NULL, 
	ground TEXT NOT NULL, 
	words TEXT NOT NULL, 
	decided_by UUID NOT NULL, 
	decided_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	objection_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_listing_decision PRIMARY KEY (id), 
	CONSTRAINT ck_listing_decision_outcome_known CHECK (outcome IN ('kept', 'removed')), 
	CONSTRAINT ck_listing_decision_ground_known CHECK (ground IN ('counterfeit', 'forbidden', 'dangerous', 'misleading', 'other')), 
	CONSTRAINT ck_listing_decision_says_why CHECK (words <> ''), 
	CONSTRAINT uq_listing_decision_ref UNIQUE (ref), 
	CONSTRAINT fk_listing_decision_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id), 
	CONSTRAINT fk_listing_decision_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id)
);

CREATE INDEX ix_listing_decision_product_id ON marketplace.listing_decision (product_id, decided_at);

CREATE TABLE marketplace.listing_revision (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	product_id BIGINT NOT NULL, 
	vendor_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	before JSONB NOT NULL, 
	after JSONB NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	person_id UUID, 
	actor TEXT NOT NULL, 
	CONSTRAINT pk_listing_revision PRIMARY KEY (id), 
	CONSTRAINT ck_listing_revision_kind_known CHECK (kind IN ('words', 'shelf', 'customs', 'versions', 'pictures', 'safety')), 
	CONSTRAINT ck_listing_revision_something_changed CHECK (before <> after), 
	CONSTRAINT fk_listing_revision_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id), 
	CONSTRAINT fk_listing_revision_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id)
);

CREATE INDEX ix_listing_revision_product_id ON marketplace.listing_revision (product_id, id);

CREATE TABLE marketplace.message_thread (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	ref TEXT NOT NULL, 
	buyer_id UUID, 
	buyer_name TEXT NOT NULL, 
	vendor_id BIGINT NOT NULL, 
	organisation_id UUID NOT NULL, 
	product_id BIGINT, 
	order_ref TEXT, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	last_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	buyer_unread INTEGER DEFAULT '0' NOT NULL, 
	vendor_unread INTEGER DEFAULT '0' NOT NULL, 
	unread_since TIMESTAMP WITH TIME ZONE, 
	waits_since TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_message_thread PRIMARY KEY (id), 
	CONSTRAINT ck_message_thread_about_one_thing CHECK (num_nonnulls(product_id, order_ref) <= 1), 
	CONSTRAINT ck_message_thread_unread_not_negative CHECK (buyer_unread >= 0 AND vendor_unread >= 0), 
	CONSTRAINT ck_message_thread_unread_has_an_age CHECK ((vendor_unread > 0) = (unread_since IS NOT NULL)), 
	CONSTRAINT uq_message_thread_ref UNIQUE (ref), 
	CONSTRAINT fk_message_thread_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id), 
	CONSTRAINT fk_message_thread_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id)
);

CREATE INDEX ix_message_thread_buyer_id ON marketplace.message_thread (buyer_id, last_at, id);

CREATE INDEX ix_message_thread_organisation_id ON marketplace.message_thread (organisation_id, last_at, id);

CREATE INDEX ix_message_thread_unread ON marketplace.message_thread (organisation_id, unread_since, id) WHERE vendor_unread > 0;

CREATE UNIQUE INDEX uq_message_thread_one_each ON marketplace.message_thread (buyer_id, vendor_id, coalesce(product_id, 0), coalesce(order_ref, ''));

CREATE TABLE marketplace.order_line (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	vendor_order_id UUID NOT NULL, 
	offer_id BIGINT NOT NULL, 
	product_ref TEXT NOT NULL, 
	sku TEXT NOT NULL, 
	titles JSONB NOT NULL, 
	options JSONB NOT NULL, 
	picture TEXT, 
	quantity INTEGER NOT NULL, 
	unit_minor BIGINT NOT NULL, 
	vendor_unit_minor BIGINT NOT NULL, 
	hs_code TEXT NOT NULL, 
	origin_country TEXT NOT NULL, 
	weight_g INTEGER NOT NULL, 
	hazards TEXT[] DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_order_line PRIMARY KEY (id), 
	CONSTRAINT ck_order_line_quantity_is_positive CHECK (quantity > 0), 
	CONSTRAINT fk_order_line_vendor_order_id FOREIGN KEY(vendor_order_id) REFERENCES marketplace.vendor_order (id)
);

CREATE INDEX ix_order_line_vendor_order_id ON marketplace.order_line (vendor_order_id);

CREATE TABLE marketplace.order_refund (
	key UUID NOT NULL, 
	vendor_order_id UUID NOT NULL, 
	goods_minor BIGINT NOT NULL, 
	freight_minor BIGINT NOT NULL, 
	duty_minor BIGINT NOT NULL, 
	tax_minor BIGINT NOT NULL, 
	fees_minor BIGINT NOT NULL, 
	vendor_goods_minor BIGINT NOT NULL, 
	vendor_commission_minor BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_order_refund PRIMARY KEY (key), 
	CONSTRAINT ck_order_refund_parts_are_not_negative CHECK (goods_minor > 0 AND freight_minor >= 0 AND duty_minor >= 0 AND tax_minor >= 0 AND fees_minor >= 0), 
	CONSTRAINT ck_order_refund_commission_within_goods CHECK (vendor_commission_minor BETWEEN 0 AND vendor_goods_minor), 
	CONSTRAINT fk_order_refund_vendor_order_id FOREIGN KEY(vendor_order_id) REFERENCES marketplace.vendor_order (id)
);

CREATE INDEX ix_order_refund_vendor_order_id ON marketplace.order_refund (vendor_order_id);

CREATE TABLE marketplace.order_step (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	vendor_order_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	actor TEXT NOT NULL, 
	CONSTRAINT pk_order_step PRIMARY KEY (id), 
	CONSTRAINT fk_order_step_vendor_order_id FOREIGN KEY(vendor_order_id) REFERENCES marketplace.vendor_order (id)
);

CREATE INDEX ix_order_step_vendor_order_id_id ON marketplace.order_step (vendor_order_id, id);

CREATE TABLE marketplace.product_question (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	ref TEXT NOT NULL, 
	product_id BIGINT NOT NULL, 
	vendor_id BIGINT NOT NULL, 
	asker_id UUID, 
	words TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE, 
	answer TEXT, 
	answer_locale TEXT, 
	answered_by UUID, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	edited_at TIMESTAMP WITH TIME ZONE, 
	removed_at TIMESTAMP WITH TIME ZONE, 
	removed_why TEXT, 
	CONSTRAINT pk_product_question PRIMARY KEY (id), 
	CONSTRAINT ck_product_question_words_fit CHECK (char_length(words) BETWEEN 10 AND 500), 
	CONSTRAINT ck_product_question_answer_fits CHECK (char_length(answer) BETWEEN 1 AND 2000), 
	CONSTRAINT ck_product_question_answered_whole CHECK (num_nulls(answer, answer_locale, answered_at) IN (0, 3)), 
	CONSTRAINT ck_product_question_only_answers_are_edited CHECK (edited_at IS NULL OR answered_at IS NOT NULL), 
	CONSTRAINT ck_product_question_removed_with_reason CHECK (num_nulls(removed_at, removed_why) IN (0, 2)), 
	CONSTRAINT uq_product_question_ref UNIQUE (ref), 
	CONSTRAINT fk_product_question_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id), 
	CONSTRAINT fk_product_question_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id)
);

CREATE INDEX ix_product_question_answered ON marketplace.product_question (vendor_id, answered_at, id) WHERE answered_at IS NOT NULL AND removed_at IS NULL;

CREATE INDEX ix_product_question_shown ON marketplace.product_question (product_id, answered_at, id) WHERE answered_at IS NOT NULL AND removed_at IS NULL;

CREATE INDEX ix_product_question_waiting ON marketplace.product_question (vendor_id, asked_at, id) WHERE answered_at IS NULL AND removed_at IS NULL;

CREATE UNIQUE INDEX uq_product_question_asked_once ON marketplace.product_question (asker_id, product_id, md5(words));

CREATE TABLE marketplace.product_rating (
	product_id BIGINT NOT NULL, 
	one INTEGER DEFAULT '0' NOT NULL, 
	two INTEGER DEFAULT '0' NOT NULL, 
	three INTEGER DEFAULT '0' NOT NULL, 
	four INTEGER DEFAULT '0' NOT NULL, 
	five INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_product_rating PRIMARY KEY (product_id), 
	CONSTRAINT ck_product_rating_counts_not_negative CHECK (one >= 0 AND two >= 0 AND three >= 0 AND four >= 0 AND five >= 0), 
	CONSTRAINT fk_product_rating_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id)
);

CREATE TABLE marketplace.product_text (
	product_id BIGINT NOT NULL, 
	locale TEXT NOT NULL, 
	title TEXT NOT NULL, 
	description TEXT NOT NULL, 
	CONSTRAINT pk_product_text PRIMARY KEY (product_id, locale), 
	CONSTRAINT fk_product_text_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id)
);

CREATE TABLE marketplace.return_request (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	vendor_order_id UUID NOT NULL, 
	order_ref TEXT NOT NULL, 
	person_id UUID NOT NULL, 
	organisation_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	is_withdrawal BOOLEAN NOT NULL, 
	note TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	goods_minor BIGINT NOT NULL, 
	freight_minor BIGINT NOT NULL, 
	duty_minor BIGINT NOT NULL, 
	tax_minor BIGINT NOT NULL, 
	fees_minor BIGINT NOT NULL, 
	way_back TEXT NOT NULL, 
	border TEXT NOT NULL, 
	address TEXT NOT NULL, 
	country TEXT NOT NULL, 
	instructions TEXT NOT NULL, 
	is_arranged BOOLEAN NOT NULL, 
	carrier TEXT NOT NULL, 
	tracking_number TEXT NOT NULL, 
	rejection TEXT NOT NULL, 
	complaint TEXT NOT NULL, 
	decision TEXT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_return_request PRIMARY KEY (id), 
	CONSTRAINT ck_return_request_state_known CHECK (state IN ('awaited', 'open', 'sent', 'rejected', 'disputed', 'settled', 'cancelled', 'closed', 'void')), 
	CONSTRAINT ck_return_request_reason_known CHECK (reason IN ('changed_mind', 'damaged', 'not_as_described', 'wrong_item', 'arrived_late')), 
	CONSTRAINT ck_return_request_way_back_known CHECK (way_back IN ('buyer', 'seller')), 
	CONSTRAINT ck_return_request_border_known CHECK (border IN ('seller', 'authority', 'nobody')), 
	CONSTRAINT ck_return_request_parts_are_not_negative CHECK (goods_minor > 0 AND freight_minor >= 0 AND duty_minor >= 0 AND tax_minor >= 0 AND fees_minor >= 0), 
	CONSTRAINT ck_return_request_closed_has_instant CHECK ((state IN ('settled', 'cancelled', 'closed', 'void')) = (closed_at IS NOT NULL)), 
	CONSTRAINT uq_return_request_ref UNIQUE (ref), 
	CONSTRAINT fk_return_request_vendor_order_id FOREIGN KEY(vendor_order_id) REFERENCES marketplace.vendor_order (id)
);

CREATE INDEX ix_return_request_disputed ON marketplace.return_request (opened_at) WHERE state = 'disputed';

CREATE INDEX ix_return_request_due_at ON marketplace.return_request (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX ix_return_request_order_ref ON marketplace.return_request (order_ref, opened_at);

CREATE INDEX ix_return_request_organisation_id ON marketplace.return_request (organisation_id, opened_at);

CREATE UNIQUE INDEX uq_return_request_one_open ON marketplace.return_request (vendor_order_id) WHERE state NOT IN ('settled', 'cancelled', 'closed', 'void');

CREATE TABLE marketplace.variant (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	product_id BIGINT NOT NULL, 
	key TEXT NOT NULL, 
	sku TEXT NOT NULL, 
	options JSONB NOT NULL, 
	hs_code TEXT, 
	origin_country TEXT, 
	weight_g INTEGER, 
	size_mm INTEGER[], 
	hazards TEXT[], 
	hex TEXT, 
	position INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_variant PRIMARY KEY (id), 
	CONSTRAINT ck_variant_hs_code_digits CHECK (hs_code IS NULL OR hs_code ~ '^[0-9]{6,12}$'), 
	CONSTRAINT ck_variant_weight_g_positive CHECK (weight_g IS NULL OR weight_g > 0), 
	CONSTRAINT ck_variant_hazards_known CHECK (hazards <@ ARRAY['ion_contained', 'ion_packed', 'ion_alone', 'metal_contained', 'metal_packed', 'metal_alone', 'dangerous']), 
	CONSTRAINT ck_variant_hex_is_a_colour CHECK (hex IS NULL OR hex ~ '^#[0-9A-Fa-f]{6}$'), 
	CONSTRAINT fk_variant_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id)
);

CREATE UNIQUE INDEX uq_variant_product_key ON marketplace.variant (product_id, key);

CREATE TABLE banking.application_owners (
	application_id UUID NOT NULL, 
	place SMALLINT NOT NULL, 
	name TEXT NOT NULL, 
	born_on DATE NOT NULL, 
	country TEXT NOT NULL, 
	share_bp INTEGER NOT NULL, 
	CONSTRAINT pk_application_owners PRIMARY KEY (application_id, place), 
	CONSTRAINT ck_application_owners_share_within_whole CHECK (share_bp BETWEEN 1 AND 10000), 
	CONSTRAINT fk_application_owners_application_id FOREIGN KEY(application_id) REFERENCES banking.application_companies (application_id)
);

CREATE TABLE banking.batch_lines (
	batch_id UUID NOT NULL, 
	group_number INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	owner_id UUID NOT NULL, 
	transfer_id UUID NOT NULL, 
	instruction_id TEXT NOT NULL, 
	end_to_end TEXT NOT NULL, 
	name TEXT NOT NULL, 
	account TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	amount_minor BIGINT, 
	written TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	holder_name TEXT NOT NULL, 
	CONSTRAINT pk_batch_lines PRIMARY KEY (batch_id, group_number, number), 
	CONSTRAINT fk_batch_lines_group FOREIGN KEY(batch_id, group_number) REFERENCES banking.batch_groups (batch_id, number)
);

CREATE INDEX ix_batch_lines_end_to_end ON banking.batch_lines (owner_id, end_to_end);

CREATE UNIQUE INDEX uq_batch_lines_transfer_id ON banking.batch_lines (transfer_id);

CREATE TABLE banking.card_disputes (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	dispute_ref TEXT NOT NULL, 
	payment_id UUID NOT NULL, 
	wallet_id UUID NOT NULL, 
	owner_id UUID NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	fee_minor BIGINT DEFAULT '0' NOT NULL, 
	from_wallet_minor BIGINT DEFAULT '0' NOT NULL, 
	owed_minor BIGINT DEFAULT '0' NOT NULL, 
	written_off_minor BIGINT DEFAULT '0' NOT NULL, 
	reason TEXT NOT NULL, 
	state TEXT NOT NULL, 
	evidence TEXT DEFAULT '' NOT NULL, 
	evidence_due_at TIMESTAMP WITH TIME ZONE, 
	evidence_at TIMESTAMP WITH TIME ZONE, 
	given_up_at TIMESTAMP WITH TIME ZONE, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	reinstated_at TIMESTAMP WITH TIME ZONE, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_card_disputes PRIMARY KEY (id), 
	CONSTRAINT ck_card_disputes_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT ck_card_disputes_state CHECK (state IN ('needs_response', 'under_review', 'won', 'lost')), 
	CONSTRAINT ck_card_disputes_parts_within_amount CHECK (owed_minor >= 0 AND from_wallet_minor >= 0 AND written_off_minor >= 0 AND owed_minor + written_off_minor + from_wallet_minor <= amount_minor), 
	CONSTRAINT ck_card_disputes_closed_has_instant CHECK ((state IN ('won', 'lost')) = (closed_at IS NOT NULL)), 
	CONSTRAINT ck_card_disputes_returned_once_taken CHECK (reinstated_at IS NULL OR withdrawn_at IS NOT NULL), 
	CONSTRAINT uq_card_disputes_ref UNIQUE (ref), 
	CONSTRAINT uq_card_disputes_dispute_ref UNIQUE (dispute_ref), 
	CONSTRAINT fk_card_disputes_payment_id FOREIGN KEY(payment_id) REFERENCES banking.card_payments (id), 
	CONSTRAINT fk_card_disputes_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id)
);

CREATE INDEX ix_card_disputes_opened_at ON banking.card_disputes (opened_at);

CREATE INDEX ix_card_disputes_owing ON banking.card_disputes (owner_id) WHERE owed_minor + written_off_minor > 0;

CREATE INDEX ix_card_disputes_payment_id ON banking.card_disputes (payment_id);

CREATE TABLE banking.card_refunds (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	payment_id UUID NOT NULL, 
	wallet_id UUID NOT NULL, 
	owner_id UUID NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	refund_ref TEXT, 
	why TEXT DEFAULT '' NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	approval_id UUID, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	heard_at TIMESTAMP WITH TIME ZONE, 
	paid_at TIMESTAMP WITH TIME ZONE, 
	returned_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_card_refunds PRIMARY KEY (id), 
	CONSTRAINT ck_card_refunds_amount_positive CHECK (amount_minor > 0), 
	CONSTRAINT ck_card_refunds_state CHECK (state IN ('waiting', 'asked', 'sent', 'paid', 'refused', 'failed')), 
	CONSTRAINT ck_card_refunds_named_once_sent CHECK ((state IN ('sent', 'paid', 'failed')) = (refund_ref IS NOT NULL)), 
	CONSTRAINT ck_card_refunds_returned_has_instant CHECK ((state IN ('refused', 'failed')) = (returned_at IS NOT NULL)), 
	CONSTRAINT uq_card_refunds_ref UNIQUE (ref), 
	CONSTRAINT fk_card_refunds_payment_id FOREIGN KEY(payment_id) REFERENCES banking.card_payments (id), 
	CONSTRAINT fk_card_refunds_wallet_id FOREIGN KEY(wallet_id) REFERENCES banking.wallets (id), 
	CONSTRAINT uq_card_refunds_refund_ref UNIQUE (refund_ref), 
	CONSTRAINT fk_card_refunds_approval_id FOREIGN KEY(approval_id) REFERENCES banking.approvals (id)
);

CREATE INDEX ix_card_refunds_in_doubt ON banking.card_refunds (asked_at) WHERE state IN ('asked', 'sent');

CREATE INDEX ix_card_refunds_payment_id ON banking.card_refunds (payment_id);

CREATE TABLE banking.document_deletions (
	document_id UUID NOT NULL, 
	outcome TEXT NOT NULL, 
	months INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_document_deletions PRIMARY KEY (document_id), 
	CONSTRAINT fk_document_deletions_document_id FOREIGN KEY(document_id) REFERENCES banking.application_documents (id)
);

CREATE TABLE banking.document_openings (
	id UUID NOT NULL, 
	document_id UUID NOT NULL, 
	officer_id UUID NOT NULL, 
	why TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_document_openings PRIMARY KEY (id), 
	CONSTRAINT ck_document_openings_why CHECK (why IN ('decide', 'customer', 'complaint', 'authority')), 
	CONSTRAINT fk_document_openings_document_id FOREIGN KEY(document_id) REFERENCES banking.application_documents (id)
);

CREATE INDEX ix_document_openings_document_id ON banking.document_openings (document_id, at);

CREATE TABLE banking.late_credit_steps (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	credit_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	account TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_late_credit_steps PRIMARY KEY (id), 
	CONSTRAINT fk_late_credit_steps_credit_id FOREIGN KEY(credit_id) REFERENCES banking.late_credits (id)
);

CREATE INDEX ix_late_credit_steps_credit_id ON banking.late_credit_steps (credit_id);

CREATE TABLE banking.payout_reserves (
	payout_id UUID NOT NULL, 
	vendor_id UUID NOT NULL, 
	currency TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	due_on DATE NOT NULL, 
	returned_at TIMESTAMP WITH TIME ZONE, 
	returned_minor BIGINT, 
	CONSTRAINT pk_payout_reserves PRIMARY KEY (payout_id), 
	CONSTRAINT ck_payout_reserves_amounts CHECK (amount_minor > 0 AND returned_minor BETWEEN 0 AND amount_minor), 
	CONSTRAINT ck_payout_reserves_returned CHECK ((returned_at IS NULL) = (returned_minor IS NULL)), 
	CONSTRAINT fk_payout_reserves_payout_id FOREIGN KEY(payout_id) REFERENCES banking.payouts (id)
);

CREATE INDEX ix_payout_reserves_open ON banking.payout_reserves (vendor_id, currency, due_on, payout_id) WHERE returned_at IS NULL;

CREATE TABLE banking.payout_turns (
	vendor_id UUID NOT NULL, 
	currency TEXT NOT NULL, 
	period TEXT NOT NULL, 
	run_id UUID NOT NULL, 
	due_on DATE NOT NULL, 
	available_minor BIGINT NOT NULL, 
	payout_id UUID, 
	reason TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_payout_turns PRIMARY KEY (vendor_id, currency, period), 
	CONSTRAINT ck_payout_turns_paid_or_rolled_on CHECK ((payout_id IS NULL) = (reason <> '')), 
	CONSTRAINT fk_payout_turns_run_id FOREIGN KEY(run_id) REFERENCES banking.payout_runs (id), 
	CONSTRAINT fk_payout_turns_payout_id FOREIGN KEY(payout_id) REFERENCES banking.payouts (id)
);

CREATE INDEX ix_payout_turns_run_id ON banking.payout_turns (run_id);

CREATE TABLE banking.pot_moves (
	key UUID NOT NULL, 
	seq BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	pot_id UUID NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_pot_moves PRIMARY KEY (key), 
	CONSTRAINT ck_pot_moves_something_moved CHECK (amount_minor <> 0), 
	CONSTRAINT fk_pot_moves_pot_id FOREIGN KEY(pot_id) REFERENCES banking.pots (id)
);

CREATE INDEX ix_pot_moves_pot_id_seq ON banking.pot_moves (pot_id, seq);

CREATE TABLE insurance.claim_entries (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	claim_id UUID NOT NULL, 
	what TEXT NOT NULL, 
	state TEXT NOT NULL, 
	facts JSONB NOT NULL, 
	person_id UUID, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_claim_entries PRIMARY KEY (id), 
	CONSTRAINT fk_claim_entries_claim_id FOREIGN KEY(claim_id) REFERENCES insurance.claims (id)
);

CREATE INDEX ix_claim_entries_claim_id_id ON insurance.claim_entries (claim_id, id);

CREATE TABLE insurance.recoveries (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	claim_id UUID NOT NULL, 
	policyholder_id UUID NOT NULL, 
	parcel_ref TEXT NOT NULL, 
	state TEXT NOT NULL, 
	whereabouts TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	indemnity BIGINT NOT NULL, 
	dues JSONB NOT NULL, 
	salvage BIGINT DEFAULT '0' NOT NULL, 
	place TEXT NOT NULL, 
	found_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	arrived_at TIMESTAMP WITH TIME ZONE, 
	choose_by TIMESTAMP WITH TIME ZONE, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_recoveries PRIMARY KEY (id), 
	CONSTRAINT ck_recoveries_amounts_are_not_negative CHECK (indemnity > 0 AND salvage >= 0), 
	CONSTRAINT ck_recoveries_closed_has_instant CHECK ((closed_at IS NOT NULL) = (state IN ('kept', 'closed'))), 
	CONSTRAINT ck_recoveries_arrived_has_instant CHECK ((arrived_at IS NOT NULL) = (whereabouts = 'holder')), 
	CONSTRAINT uq_recoveries_ref UNIQUE (ref), 
	CONSTRAINT uq_recoveries_claim_id UNIQUE (claim_id), 
	CONSTRAINT fk_recoveries_claim_id FOREIGN KEY(claim_id) REFERENCES insurance.claims (id), 
	CONSTRAINT uq_recoveries_parcel_ref UNIQUE (parcel_ref)
);

CREATE INDEX ix_recoveries_open ON insurance.recoveries (found_at) WHERE state NOT IN ('kept', 'closed');

CREATE INDEX ix_recoveries_policyholder_id ON insurance.recoveries (policyholder_id);

CREATE TABLE marketplace.listing_decision_seller (
	vendor_id BIGINT NOT NULL, 
	decision_id UUID NOT NULL, 
	CONSTRAINT pk_listing_decision_seller PRIMARY KEY (vendor_id, decision_id), 
	CONSTRAINT fk_listing_decision_seller_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id), 
	CONSTRAINT fk_listing_decision_seller_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.listing_decision (id)
);

CREATE INDEX ix_listing_decision_seller_decision_id ON marketplace.listing_decision_seller (decision_id);

CREATE TABLE marketplace.listing_objection (
	decision_id UUID NOT NULL, 
	words TEXT NOT NULL, 
	objected_by UUID, 
	objected_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decided_by UUID NOT NULL, 
	stands BOOLEAN, 
	review_words TEXT, 
	reviewed_by UUID, 
	reviewed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_listing_objection PRIMARY KEY (decision_id), 
	CONSTRAINT ck_listing_objection_says_why CHECK (words <> ''), 
	CONSTRAINT ck_listing_objection_reviewed_whole CHECK (num_nulls(stands, review_words, reviewed_by, reviewed_at) IN (0, 4)), 
	CONSTRAINT ck_listing_objection_reviewed_by_another CHECK (reviewed_by <> decided_by), 
	CONSTRAINT ck_listing_objection_reviewed_by_an_outsider CHECK (reviewed_by <> objected_by), 
	CONSTRAINT fk_listing_objection_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.listing_decision (id)
);

CREATE INDEX ix_listing_objection_objected_by ON marketplace.listing_objection (objected_by);

CREATE INDEX ix_listing_objection_waiting ON marketplace.listing_objection (objected_at, decision_id) WHERE reviewed_at IS NULL;

CREATE TABLE marketplace.listing_report (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	product_id BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	words TEXT NOT NULL, 
	reporter_id UUID, 
	name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	reported_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decision_id UUID, 
	CONSTRAINT pk_listing_report PRIMARY KEY (id), 
	CONSTRAINT ck_listing_report_reason_known CHECK (reason IN ('counterfeit', 'forbidden', 'dangerous', 'misleading', 'other')), 
	CONSTRAINT ck_listing_report_says_what CHECK (words <> '' OR num_nulls(reporter_id, nullif(email, '')) = 2), 
	CONSTRAINT uq_listing_report_ref UNIQUE (ref), 
	CONSTRAINT fk_listing_report_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id), 
	CONSTRAINT fk_listing_report_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.listing_decision (id)
);

CREATE INDEX ix_listing_report_decision_id ON marketplace.listing_report (decision_id);

CREATE INDEX ix_listing_report_reporter_id ON marketplace.listing_report (reporter_id);

CREATE INDEX ix_listing_report_waiting ON marketplace.listing_report (reported_at, id) WHERE decision_id IS NULL;

CREATE UNIQUE INDEX uq_listing_report_one_open ON marketplace.listing_report (product_id, email) WHERE decision_id IS NULL;

CREATE TABLE marketplace.offer (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	vendor_id BIGINT NOT NULL, 
	variant_id BIGINT NOT NULL, 
	price_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	lead_time_days INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	version BIGINT DEFAULT '1' NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_offer PRIMARY KEY (id), 
	CONSTRAINT uq_offer_vendor_variant UNIQUE (vendor_id, variant_id), 
	CONSTRAINT ck_offer_price_minor_positive CHECK (price_minor > 0), 
	CONSTRAINT ck_offer_currency_code CHECK (currency ~ '^[A-Z]{3}$'), 
	CONSTRAINT ck_offer_status_known CHECK (status IN ('listed', 'paused', 'withdrawn')), 
	CONSTRAINT ck_offer_lead_time_days_sane CHECK (lead_time_days BETWEEN 0 AND 60), 
	CONSTRAINT fk_offer_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id), 
	CONSTRAINT fk_offer_variant_id FOREIGN KEY(variant_id) REFERENCES marketplace.variant (id)
);

CREATE INDEX ix_offer_variant_id ON marketplace.offer (variant_id);

CREATE TABLE marketplace.picture (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	product_id BIGINT NOT NULL, 
	variant_id BIGINT, 
	path TEXT NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	sizes INTEGER[] NOT NULL, 
	alt JSONB NOT NULL, 
	position INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_picture PRIMARY KEY (id), 
	CONSTRAINT fk_picture_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id), 
	CONSTRAINT fk_picture_variant_id FOREIGN KEY(variant_id) REFERENCES marketplace.variant (id)
);

CREATE INDEX ix_picture_product_id ON marketplace.picture (product_id);

CREATE UNIQUE INDEX uq_picture_product_path ON marketplace.picture (product_id, path);

CREATE TABLE marketplace.question_report (
	question_id BIGINT NOT NULL, 
	reporter_id UUID NOT NULL, 
	reported_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decided_by UUID, 
	decided_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_question_report PRIMARY KEY (question_id, reporter_id), 
	CONSTRAINT fk_question_report_question_id FOREIGN KEY(question_id) REFERENCES marketplace.product_question (id)
);

CREATE INDEX ix_question_report_waiting ON marketplace.question_report (reported_at, question_id) WHERE decided_at IS NULL;

CREATE TABLE marketplace.return_line (
	return_id UUID NOT NULL, 
	order_line_id BIGINT NOT NULL, 
	quantity INTEGER NOT NULL, 
	CONSTRAINT pk_return_line PRIMARY KEY (return_id, order_line_id), 
	CONSTRAINT ck_return_line_quantity_is_positive CHECK (quantity > 0), 
	CONSTRAINT fk_return_line_return_id FOREIGN KEY(return_id) REFERENCES marketplace.return_request (id), 
	CONSTRAINT fk_return_line_order_line_id FOREIGN KEY(order_line_id) REFERENCES marketplace.order_line (id)
);

CREATE INDEX ix_return_line_order_line_id ON marketplace.return_line (order_line_id);

CREATE TABLE marketplace.return_step (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	return_id UUID NOT NULL, 
	state TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	actor TEXT NOT NULL, 
	CONSTRAINT pk_return_step PRIMARY KEY (id), 
	CONSTRAINT fk_return_step_return_id FOREIGN KEY(return_id) REFERENCES marketplace.return_request (id)
);

CREATE INDEX ix_return_step_return_id_id ON marketplace.return_step (return_id, id);

CREATE TABLE marketplace.review (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	ref TEXT NOT NULL, 
	line_id BIGINT NOT NULL, 
	product_id BIGINT NOT NULL, 
	vendor_id BIGINT NOT NULL, 
	author_id UUID, 
	author_name TEXT NOT NULL, 
	country TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	stars INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	words TEXT NOT NULL, 
	state TEXT NOT NULL, 
	written_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE, 
	photo_count INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_review PRIMARY KEY (id), 
	CONSTRAINT ck_review_stars_known CHECK (stars BETWEEN 1 AND 5), 
	CONSTRAINT ck_review_state_known CHECK (state IN ('shown', 'withdrawn', 'removed')), 
	CONSTRAINT ck_review_words_long_enough CHECK (length(words) BETWEEN 20 AND 3000 OR (state = 'withdrawn' AND words = '')), 
	CONSTRAINT ck_review_title_short CHECK (length(title) <= 120), 
	CONSTRAINT ck_review_country_code CHECK (country ~ '^[A-Z]{2}$'), 
	CONSTRAINT ck_review_photo_count_not_negative CHECK (photo_count >= 0), 
	CONSTRAINT ck_review_let_go_of_whole CHECK (author_id IS NOT NULL OR author_name = ''), 
	CONSTRAINT uq_review_ref UNIQUE (ref), 
	CONSTRAINT uq_review_line_id UNIQUE (line_id), 
	CONSTRAINT fk_review_line_id FOREIGN KEY(line_id) REFERENCES marketplace.order_line (id), 
	CONSTRAINT fk_review_product_id FOREIGN KEY(product_id) REFERENCES marketplace.product (id), 
	CONSTRAINT fk_review_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace.vendor (id)
);

CREATE INDEX ix_review_author_id ON marketplace.review (author_id, id DESC);

CREATE INDEX ix_review_best ON marketplace.review (product_id, stars DESC, id DESC) WHERE state = 'shown';

CREATE INDEX ix_review_locale ON marketplace.review (product_id, locale, id DESC) WHERE state = 'shown';

CREATE INDEX ix_review_newest ON marketplace.review (product_id, id DESC) WHERE state = 'shown';

CREATE INDEX ix_review_pictured ON marketplace.review (product_id, id DESC) WHERE state = 'shown' AND photo_count > 0;

CREATE INDEX ix_review_stars ON marketplace.review (product_id, stars, id DESC) WHERE state = 'shown';

CREATE INDEX ix_review_vendor_id ON marketplace.review (vendor_id, id DESC) WHERE state = 'shown';

CREATE TABLE marketplace.stock_alert (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	person_id UUID NOT NULL, 
	variant_id BIGINT NOT NULL, 
	wanted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_stock_alert PRIMARY KEY (id), 
	CONSTRAINT fk_stock_alert_variant_id FOREIGN KEY(variant_id) REFERENCES marketplace.variant (id)
);

CREATE INDEX ix_stock_alert_variant_id ON marketplace.stock_alert (variant_id);

CREATE UNIQUE INDEX uq_stock_alert_once ON marketplace.stock_alert (person_id, variant_id);

CREATE TABLE marketplace.thread_message (
	id UUID NOT NULL, 
	seq BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	thread_id BIGINT NOT NULL, 
	vendor_id BIGINT NOT NULL, 
	side TEXT NOT NULL, 
	author_id UUID, 
	words TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	answered_after INTEGER, 
	CONSTRAINT pk_thread_message PRIMARY KEY (id), 
	CONSTRAINT ck_thread_message_side_known CHECK (side IN ('buyer', 'vendor')), 
	CONSTRAINT ck_thread_message_words_fit CHECK (char_length(words) <= 2000), 
	CONSTRAINT ck_thread_message_answered_after_not_negative CHECK (answered_after >= 0), 
	CONSTRAINT fk_thread_message_thread_id FOREIGN KEY(thread_id) REFERENCES marketplace.message_thread (id)
);

CREATE INDEX ix_thread_message_answers ON marketplace.thread_message (vendor_id, sent_at) WHERE answered_after IS NOT NULL;

CREATE INDEX ix_thread_message_author_id ON marketplace.thread_message (author_id);

CREATE INDEX ix_thread_message_thread_id ON marketplace.thread_message (thread_id, seq);

CREATE TABLE banking.losses (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	dispute_id UUID, 
	vendor_id UUID, 
	kind TEXT NOT NULL, 
	amount_minor BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	note TEXT NOT NULL, 
	state TEXT NOT NULL, 
	maker_id UUID NOT NULL, 
	checker_id UUID, 
	journal_id BIGINT, 
	proposed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_losses PRIMARY KEY (id), 
	CONSTRAINT ck_losses_kind CHECK (kind IN ('write_off', 'give_up')), 
	CONSTRAINT ck_losses_state CHECK (state IN ('proposed', 'confirmed', 'returned')), 
	CONSTRAINT ck_losses_about_one CHECK ((dispute_id IS NULL) <> (vendor_id IS NULL) AND (vendor_id IS NULL OR kind = 'write_off')), 
	CONSTRAINT ck_losses_says_how_much_and_why CHECK (amount_minor > 0 AND note <> ''), 
	CONSTRAINT ck_losses_confirmed_by_two CHECK (state <> 'confirmed' OR (checker_id IS NOT NULL AND maker_id <> checker_id)), 
	CONSTRAINT ck_losses_closed_has_instant CHECK ((state = 'proposed') = (closed_at IS NULL)), 
	CONSTRAINT ck_losses_booked_once_confirmed CHECK ((state = 'confirmed' AND kind = 'write_off') = (journal_id IS NOT NULL)), 
	CONSTRAINT uq_losses_ref UNIQUE (ref), 
	CONSTRAINT fk_losses_dispute_id FOREIGN KEY(dispute_id) REFERENCES banking.card_disputes (id)
);

CREATE INDEX ix_losses_closed_at ON banking.losses (closed_at);

CREATE INDEX ix_losses_dispute_id ON banking.losses (dispute_id, proposed_at);

CREATE INDEX ix_losses_vendor_id ON banking.losses (vendor_id, currency, proposed_at);

CREATE UNIQUE INDEX uq_losses_one_open ON banking.losses (dispute_id) WHERE state = 'proposed';

CREATE UNIQUE INDEX uq_losses_one_open_vendor ON banking.losses (vendor_id, currency) WHERE state = 'proposed';

CREATE TABLE marketplace.offer_own_price (
	offer_id BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	price_minor BIGINT NOT NULL, 
	CONSTRAINT pk_offer_own_price PRIMARY KEY (offer_id, currency), 
	CONSTRAINT ck_offer_own_price_price_minor_positive CHECK (price_minor > 0), 
	CONSTRAINT fk_offer_own_price_offer_id FOREIGN KEY(offer_id) REFERENCES marketplace.offer (id)
);

CREATE TABLE marketplace.offer_price_record (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	offer_id BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	price_minor BIGINT NOT NULL, 
	valid_from TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_offer_price_record PRIMARY KEY (id), 
	CONSTRAINT fk_offer_price_record_offer_id FOREIGN KEY(offer_id) REFERENCES marketplace.offer (id)
);

CREATE INDEX ix_offer_price_record_offer_id ON marketplace.offer_price_record (offer_id, valid_from);

CREATE TABLE marketplace.review_answer (
	review_id BIGINT NOT NULL, 
	words TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	answered_by UUID NOT NULL, 
	answered_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_review_answer PRIMARY KEY (review_id), 
	CONSTRAINT ck_review_answer_says_something CHECK (length(words) BETWEEN 1 AND 2000), 
	CONSTRAINT fk_review_answer_review_id FOREIGN KEY(review_id) REFERENCES marketplace.review (id)
);

CREATE TABLE marketplace.review_decision (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	review_id BIGINT NOT NULL, 
	outcome TEXT NOT NULL, 
	ground TEXT NOT NULL, 
	words TEXT NOT NULL, 
	decided_by UUID NOT NULL, 
	decided_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	objection_until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_review_decision PRIMARY KEY (id), 
	CONSTRAINT ck_review_decision_outcome_known CHECK (outcome IN ('kept', 'removed')), 
	CONSTRAINT ck_review_decision_ground_known CHECK (ground IN ('insulting', 'private', 'advertising', 'off_topic', 'other')), 
	CONSTRAINT ck_review_decision_says_why CHECK (words <> ''), 
	CONSTRAINT uq_review_decision_ref UNIQUE (ref), 
	CONSTRAINT fk_review_decision_review_id FOREIGN KEY(review_id) REFERENCES marketplace.review (id)
);

CREATE INDEX ix_review_decision_review_id ON marketplace.review_decision (review_id, decided_at);

CREATE TABLE marketplace.stock_level (
	offer_id BIGINT NOT NULL, 
	on_hand INTEGER NOT NULL, 
	reserved INTEGER DEFAULT '0' NOT NULL, 
	allocated INTEGER DEFAULT '0' NOT NULL, 
	version BIGINT DEFAULT '1' NOT NULL, 
	CONSTRAINT pk_stock_level PRIMARY KEY (offer_id), 
	CONSTRAINT ck_stock_level_on_hand_not_negative CHECK (on_hand >= 0), 
	CONSTRAINT ck_stock_level_reserved_not_negative CHECK (reserved >= 0), 
	CONSTRAINT ck_stock_level_allocated_not_negative CHECK (allocated >= 0), 
	CONSTRAINT ck_stock_level_claims_within_on_hand CHECK (reserved + allocated <= on_hand), 
	CONSTRAINT fk_stock_level_offer_id FOREIGN KEY(offer_id) REFERENCES marketplace.offer (id)
)
 WITH (fillfactor = 70);

CREATE TABLE marketplace.review_objection (
	decision_id UUID NOT NULL, 
	words TEXT NOT NULL, 
	objected_by UUID, 
	objected_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decided_by UUID NOT NULL, 
	stands BOOLEAN, 
	review_words TEXT, 
	reviewed_by UUID, 
	reviewed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_review_objection PRIMARY KEY (decision_id), 
	CONSTRAINT ck_review_objection_says_why CHECK (words <> '' OR objected_by IS NULL), 
	CONSTRAINT ck_review_objection_reviewed_whole CHECK (num_nulls(stands, review_words, reviewed_by, reviewed_at) IN (0, 4)), 
	CONSTRAINT ck_review_objection_reviewed_by_another CHECK (reviewed_by <> decided_by), 
	CONSTRAINT ck_review_objection_reviewed_by_an_outsider CHECK (reviewed_by <> objected_by), 
	CONSTRAINT fk_review_objection_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.review_decision (id)
);

CREATE INDEX ix_review_objection_objected_by ON marketplace.review_objection (objected_by);

CREATE INDEX ix_review_objection_waiting ON marketplace.review_objection (objected_at, decision_id) WHERE reviewed_at IS NULL;

CREATE TABLE marketplace.review_report (
	id UUID NOT NULL, 
	ref TEXT NOT NULL, 
	review_id BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	words TEXT NOT NULL, 
	reporter_id UUID, 
	name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	locale TEXT NOT NULL, 
	reported_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decision_id UUID, 
	CONSTRAINT pk_review_report PRIMARY KEY (id), 
	CONSTRAINT ck_review_report_reason_known CHECK (reason IN ('insulting', 'private', 'advertising', 'off_topic', 'other')), 
	CONSTRAINT ck_review_report_says_what CHECK (words <> '' OR num_nulls(reporter_id, nullif(email, '')) = 2), 
	CONSTRAINT uq_review_report_ref UNIQUE (ref), 
	CONSTRAINT fk_review_report_review_id FOREIGN KEY(review_id) REFERENCES marketplace.review (id), 
	CONSTRAINT fk_review_report_decision_id FOREIGN KEY(decision_id) REFERENCES marketplace.review_decision (id)
);

CREATE INDEX ix_review_report_decision_id ON marketplace.review_report (decision_id);

CREATE INDEX ix_review_report_reporter_id ON marketplace.review_report (reporter_id);

CREATE INDEX ix_review_report_waiting ON marketplace.review_report (reported_at, id) WHERE decision_id IS NULL;

CREATE UNIQUE INDEX uq_review_report_one_open ON marketplace.review_report (review_id, email) WHERE decision_id IS NULL;

CREATE TABLE marketplace.stock_reservation_line (
	reservation_id UUID NOT NULL, 
	offer_id BIGINT NOT NULL, 
	quantity INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	order_ref TEXT, 
	CONSTRAINT pk_stock_reservation_line PRIMARY KEY (reservation_id, offer_id), 
	CONSTRAINT ck_stock_reservation_line_quantity_positive CHECK (quantity > 0), 
	CONSTRAINT ck_stock_reservation_line_state_known CHECK (state IN ('reserved', 'allocated', 'shipped', 'released', 'expired')), 
	CONSTRAINT ck_stock_reservation_line_orders_own_allocated_pieces CHECK ((order_ref IS NOT NULL) = (state IN ('allocated', 'shipped')) OR state = 'released'), 
	CONSTRAINT fk_stock_reservation_line_reservation_id FOREIGN KEY(reservation_id) REFERENCES marketplace.stock_reservation (id), 
	CONSTRAINT fk_stock_reservation_line_offer_id FOREIGN KEY(offer_id) REFERENCES marketplace.stock_level (offer_id)
);

CREATE INDEX ix_stock_reservation_line_order_ref ON marketplace.stock_reservation_line (order_ref);

-- A table that wears this trigger keeps every row as it was written, whoever asks.
CREATE OR REPLACE FUNCTION kernel.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: rows there are evidence', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'EN001';
END
$$;

CREATE TRIGGER audit_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel.audit
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
-- A document may be thrown away, but what bears its hash stays what it was.
CREATE TRIGGER document_stays_as_made BEFORE UPDATE ON kernel.document
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();


-- What happened to somebody's account is told as it was.
CREATE TRIGGER safety_log_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel.safety_log
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- The ledger's own rules and its posting functions.
--
-- Refusals are raised with SQLSTATE class BK; banking/ledger/service.py turns them into errors.
--   BK001 insufficient funds   BK002 ceiling reached      BK003 account frozen
--   BK004 account unknown      BK005 idempotency mismatch BK006 unbalanced or incomplete journal
--   BK007 currency mismatch    BK010 hold unknown         BK011 hold resolved
--   BK012 hold exceeded        BK013 capture mismatch

-- What was booked stays booked -----------------------------------------------------------------

CREATE OR REPLACE TRIGGER journals_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.journals
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Every journal of a statement whole and balanced, every currency right.
CREATE OR REPLACE FUNCTION banking.check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_bad record;
BEGIN
    -- Nearly every statement writes one journal in one currency: one look at its entries will do.
    IF (
        SELECT min(f.journal_id) = max(f.journal_id) AND min(f.currency) = max(f.currency)
            AND min(f.phase) = max(f.phase) AND sum(f.amount) = 0
            AND min(f.leg) = 1 AND max(f.leg) = count(*)
            AND count(*) = (SELECT j.legs FROM banking.journals j WHERE j.id = min(f.journal_id))
            AND bool_and(a.currency IS NOT DISTINCT FROM f.currency)
        FROM fresh f LEFT JOIN banking.ledger_accounts a ON a.id = f.account_id
    ) THEN
        RETURN NULL;
    END IF;
    SELECT
        (SELECT (journal_id, sum(amount), currency)::text FROM fresh
            GROUP BY journal_id, currency, phase HAVING sum(amount) <> 0 LIMIT 1) AS unbalanced,
        (SELECT w.journal_id
            FROM (SELECT journal_id, count(*) AS legs, min(leg) AS first, max(leg) AS last
                FROM fresh GROUP BY journal_id) w
            LEFT JOIN banking.journals j ON j.id = w.journal_id
            WHERE j.legs IS DISTINCT FROM w.legs OR w.first <> 1 OR w.last <> w.legs
            LIMIT 1) AS incomplete,
        (SELECT (f.account_id, f.currency, a.currency)::text
            FROM (SELECT DISTINCT account_id, currency FROM fresh) f
            LEFT JOIN banking.ledger_accounts a ON a.id = f.account_id
            WHERE a.currency IS DISTINCT FROM f.currency LIMIT 1) AS foreign_leg
    INTO v_bad;
    IF v_bad.unbalanced IS NOT NULL THEN
        RAISE EXCEPTION 'journal, difference, currency: %', v_bad.unbalanced
            USING ERRCODE = 'BK006', DETAIL = '{}';
    ELSIF v_bad.incomplete IS NOT NULL THEN
        RAISE EXCEPTION 'journal % is not written whole', v_bad.incomplete
            USING ERRCODE = 'BK006', DETAIL = '{}';
    ELSIF v_bad.foreign_leg IS NOT NULL THEN
        RAISE EXCEPTION 'account, currency of the leg, of the account: %', v_bad.foreign_leg
            USING ERRCODE = 'BK007', DETAIL = '{}';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER whole_and_balanced AFTER INSERT ON banking.entries
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION banking.check_entries();

-- Accounts ---------------------------------------------------------------------------------------

-- The ids of named accounts, in the order given. House, escrow and owing accounts open themselves;
-- so does a limit, but only with an allowance: without one it stays unknown and nothing is booked.
CREATE OR REPLACE FUNCTION banking.find_accounts(
    p_kinds text[], p_keys text[], p_currencies text[], p_disciplines text[], p_at timestamptz
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_ids bigint[];
    v_missing record;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT array_agg(a.id ORDER BY n.place) INTO v_ids
        FROM unnest(p_kinds, p_keys, p_currencies) WITH ORDINALITY n (kind, key, currency, place)
        LEFT JOIN banking.ledger_accounts a
            ON a.kind = n.kind AND a.key = n.key AND a.currency = n.currency;
        EXIT WHEN array_position(v_ids, NULL) IS NULL;
        IF attempt = 2 THEN
            SELECT n.kind, n.key, n.currency, other.currency AS kept_in INTO v_missing
            FROM unnest(p_kinds, p_keys, p_currencies, v_ids) n (kind, key, currency, id)
            LEFT JOIN banking.ledger_accounts other ON other.kind = n.kind AND other.key = n.key
            WHERE n.id IS NULL LIMIT 1;
            IF v_missing.kept_in IS NOT NULL THEN
                RAISE EXCEPTION 'account % is kept in %', v_missing.key, v_missing.kept_in
                    USING ERRCODE = 'BK007', DETAIL = jsonb_build_object(
                        'account', v_missing.kept_in, 'amount', v_missing.currency);
            END IF;
            RAISE EXCEPTION 'no account % %', v_missing.kind, v_missing.key
                USING ERRCODE = 'BK004', DETAIL = jsonb_build_object(
                    'kind', v_missing.kind, 'key', v_missing.key, 'currency', v_missing.currency);
        END IF;
        -- In the order of their names, so that two openings of the same accounts never cross.
        INSERT INTO banking.ledger_accounts (kind, key, currency, guarded, floor, ceiling, opened_at)
        SELECT n.kind, n.key, n.currency, n.discipline <> 'house',
            CASE n.discipline WHEN 'escrow' THEN 0 END,
            CASE n.discipline WHEN 'owing' THEN 0 WHEN 'limit' THEN n.allowance END, p_at
        FROM (
            SELECT *, CASE discipline
                WHEN 'limit' THEN banking.allowance_for(kind, key, currency) END AS allowance
            FROM unnest(p_kinds, p_keys, p_currencies, p_disciplines)
                u (kind, key, currency, discipline)
        ) n
        WHERE n.discipline NOT IN ('owned', 'limit') OR n.allowance IS NOT NULL
        ORDER BY n.kind, n.key, n.currency
        ON CONFLICT (kind, key, currency) DO NOTHING;
    END LOOP;
    RETURN v_ids;
END $$;

-- Posting ----------------------------------------------------------------------------------------

-- Locks the guarded among the accounts, in id order; returns how many they are and whether a wallet
-- with a ceiling is among them. A hold that is over gives its money back at that instant, not when a
-- job comes round.
CREATE OR REPLACE FUNCTION banking.lock_accounts(
    p_accounts bigint[], p_at timestamptz, OUT locked int, OUT is_capped boolean
) LANGUAGE plpgsql AS $$
DECLARE
    v_held bigint;
BEGIN
    SELECT count(*), sum(a.held), count(a.ceiling) FILTER (WHERE a.kind = 'wallet') > 0
    INTO locked, v_held, is_capped
    FROM (
        SELECT held, ceiling, kind FROM banking.ledger_accounts
        WHERE id = ANY (p_accounts) AND guarded ORDER BY id FOR UPDATE
    ) a;
    IF v_held > 0 THEN
        PERFORM banking.expire_due_holds(h.account_id, p_at)
        FROM (
            SELECT DISTINCT account_id FROM banking.holds
            WHERE account_id = ANY (p_accounts) AND state = 'open' AND expires_at <= p_at
        ) h;
    END IF;
END $$;

-- Leads each credit that its wallet may not hold to the suspense account of that wallet, whole.
-- Called under the wallet's lock; nobody touches such an account without it, so it adds no order of
-- locks. A leg of nothing (a replayed journal of a batch) is left alone.
CREATE OR REPLACE FUNCTION banking.park_excess(
    INOUT accounts bigint[], INOUT leg_accounts int[], INOUT locked int, OUT parked bigint,
    p_amounts bigint[], p_phases smallint[], p_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    v_leg record;
    v_last bigint := 0;
    v_room bigint;
    v_suspense bigint;
BEGIN
    parked := 0;
    FOR v_leg IN
        SELECT l.place, l.account, l.amount, a.id, a.key, a.currency, a.ceiling - a.posted AS room,
            count(*) OVER (PARTITION BY l.account) AS legs
        FROM unnest(leg_accounts, p_amounts, p_phases)
            WITH ORDINALITY l (account, amount, phase, place)
        JOIN banking.ledger_accounts a ON a.id = accounts[l.account]
        WHERE a.kind = 'wallet' AND a.ceiling IS NOT NULL AND a.status & 6 = 0 AND l.phase = 1
            AND l.amount <> 0
        ORDER BY a.id, l.place
    LOOP
        v_room := CASE WHEN v_leg.id = v_last THEN v_room ELSE v_leg.room END;
        v_last := v_leg.id;
        IF v_leg.amount <= 0 OR v_leg.amount <= v_room THEN
            v_room := v_room - v_leg.amount;
            CONTINUE;
        END IF;
        v_suspense := (banking.find_accounts(ARRAY['wallet_suspense'], ARRAY[v_leg.key],
            ARRAY[v_leg.currency]::text[], ARRAY['escrow'], p_at))[1];
        PERFORM 1 FROM banking.ledger_accounts WHERE id = v_suspense FOR UPDATE;
        IF v_leg.legs = 1 AND NOT v_suspense = ANY (accounts) THEN
            accounts[v_leg.account] := v_suspense;
        ELSE
            -- How many must take their change is counted on: one more, unless it was locked before.
            locked := locked + CASE WHEN v_suspense = ANY (accounts) THEN 0 ELSE 1 END;
            accounts := accounts || v_suspense;
            leg_accounts[v_leg.place] := cardinality(accounts);
        END IF;
        parked := parked + v_leg.amount;
    END LOOP;
END $$;

-- Why an account does not take a change, NULL when it does. A plain expression, so that the planner
-- puts it into the statement that moves the balance.
-- lowest, highest: how far available and posted go down and up while the legs are written.
CREATE OR REPLACE FUNCTION banking.refusal(
    status smallint, available bigint, floor bigint, posted bigint, ceiling bigint,
    lowest bigint, highest bigint, debits boolean, credits boolean
) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        -- 1 no debit, 2 no credit, 4 closed: neither
        WHEN status & 5 <> 0 AND debits OR status & 6 <> 0 AND credits THEN 'BK003'
        WHEN lowest < 0 AND available + lowest < floor THEN 'BK001'
        WHEN highest > 0 AND posted + highest > ceiling THEN 'BK002'
    END
$$;

-- Writes the entries of one journal whose legs name each account once, as nearly all do.
-- Returns the guarded accounts that took their change.
CREATE OR REPLACE FUNCTION banking.write_distinct_legs(
    p_journal bigint, p_accounts bigint[], p_currencies text[],
    p_amounts bigint[], p_phases smallint[], p_memos text[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_moved bigint[];
BEGIN
    WITH moved AS (
        UPDATE banking.ledger_accounts a
        SET posted = a.posted + CASE l.phase WHEN 1 THEN l.amount ELSE 0 END,
            held = a.held + CASE l.phase WHEN 2 THEN l.amount ELSE 0 END
        FROM unnest(p_accounts, p_amounts, p_phases) l (id, amount, phase)
        WHERE a.id = l.id AND a.guarded AND banking.refusal(
            a.status, a.posted - a.held, a.floor, a.posted, a.ceiling,
            CASE l.phase WHEN 1 THEN l.amount ELSE -l.amount END,
            CASE l.phase WHEN 1 THEN l.amount ELSE 0 END,
            (l.phase = 1) = (l.amount < 0), l.phase = 1 AND l.amount > 0) IS NULL
        RETURNING a.id, a.posted
    ), written AS (
        INSERT INTO banking.entries
            (journal_id, leg, account_id, currency, phase, amount, balance_after, memo)
        SELECT p_journal, l.place, l.account_id, l.currency, l.phase, l.amount, m.posted, l.memo
        FROM unnest(p_accounts, p_currencies, p_phases, p_amounts, p_memos)
            WITH ORDINALITY l (account_id, currency, phase, amount, memo, place)
        LEFT JOIN moved m ON m.id = l.account_id
        ORDER BY l.place
    )
    SELECT coalesce(array_agg(id), '{}') INTO v_moved FROM moved;
    RETURN v_moved;
END $$;

-- Writes the entries of any number of journals, in the order of their legs.
-- Legs point into p_accounts and p_journals by position; a leg whose journal is NULL is a replay.
-- Returns the guarded accounts that took their change.
CREATE OR REPLACE FUNCTION banking.write_legs(
    p_accounts bigint[], p_journals bigint[],
    p_leg_journals int[], p_leg_numbers smallint[], p_leg_accounts int[], p_leg_currencies text[],
    p_amounts bigint[], p_phases smallint[], p_memos text[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    v_moved bigint[];
BEGIN
    WITH leg AS (
        SELECT l.place, p_journals[l.journal] AS journal_id, l.number,
            p_accounts[l.account] AS account_id, l.currency, l.phase, l.amount, l.memo,
            sum(CASE l.phase WHEN 1 THEN l.amount ELSE 0 END) OVER w AS posted,
            sum(CASE l.phase WHEN 1 THEN l.amount ELSE -l.amount END) OVER w AS available
        FROM unnest(p_leg_journals, p_leg_numbers, p_leg_accounts, p_leg_currencies, p_amounts,
                p_phases, p_memos)
            WITH ORDINALITY l (journal, number, account, currency, amount, phase, memo, place)
        WHERE p_journals[l.journal] IS NOT NULL
        WINDOW w AS (PARTITION BY p_accounts[l.account] ORDER BY l.place)
    ), change AS (
        SELECT account_id, coalesce(sum(amount) FILTER (WHERE phase = 1), 0)::bigint AS posted,
            coalesce(sum(amount) FILTER (WHERE phase = 2), 0)::bigint AS held,
            min(available)::bigint AS lowest, max(posted)::bigint AS highest,
            bool_or((phase = 1) = (amount < 0)) AS debits,
            bool_or(phase = 1 AND amount > 0) AS credits
        FROM leg GROUP BY account_id
    ), moved AS (
        UPDATE banking.ledger_accounts a
        SET posted = a.posted + c.posted, held = a.held + c.held
        FROM change c
        WHERE a.id = c.account_id AND a.guarded AND banking.refusal(
            a.status, a.posted - a.held, a.floor, a.posted, a.ceiling,
            c.lowest, c.highest, c.debits, c.credits) IS NULL
        RETURNING a.id, a.posted - c.posted AS before
    ), written AS (
        INSERT INTO banking.entries
            (journal_id, leg, account_id, currency, phase, amount, balance_after, memo)
        SELECT l.journal_id, l.number, l.account_id, l.currency, l.phase, l.amount,
            m.before + l.posted, l.memo
        FROM leg l LEFT JOIN moved m ON m.id = l.account_id
        ORDER BY l.place
    )
    SELECT coalesce(array_agg(id), '{}') INTO v_moved FROM moved;
    RETURN v_moved;
END $$;

-- Raises why an account did not take its change, the first in id order. p_moved did; what was
-- written for them goes with the whole transaction.
CREATE OR REPLACE FUNCTION banking.refuse_legs(
    p_moved bigint[], p_accounts bigint[], p_journals bigint[],
    p_leg_journals int[], p_leg_accounts int[], p_amounts bigint[], p_phases smallint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_bad record;
BEGIN
    SELECT a.id, a.kind, a.key, a.currency, -c.lowest AS needed,
        a.posted - a.held - a.floor AS available, a.ceiling - a.posted AS room,
        banking.refusal(a.status, a.posted - a.held, a.floor, a.posted, a.ceiling,
            c.lowest, c.highest, c.debits, c.credits) AS refusal
    INTO v_bad
    FROM (
        SELECT account_id, min(available)::bigint AS lowest, max(posted)::bigint AS highest,
            bool_or((phase = 1) = (amount < 0)) AS debits,
            bool_or(phase = 1 AND amount > 0) AS credits
        FROM (
            SELECT p_accounts[l.account] AS account_id, l.phase, l.amount,
                sum(CASE l.phase WHEN 1 THEN l.amount ELSE -l.amount END) OVER w AS available,
                sum(CASE l.phase WHEN 1 THEN l.amount ELSE 0 END) OVER w AS posted
            FROM unnest(p_leg_journals, p_leg_accounts, p_amounts, p_phases)
                WITH ORDINALITY l (journal, account, amount, phase, place)
            WHERE p_journals[l.journal] IS NOT NULL
            WINDOW w AS (PARTITION BY p_accounts[l.account] ORDER BY l.place)
        ) leg GROUP BY account_id
    ) c
    JOIN banking.ledger_accounts a ON a.id = c.account_id AND a.guarded
    WHERE a.id <> ALL (p_moved)
    ORDER BY a.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'account % refuses', v_bad.id
            USING ERRCODE = v_bad.refusal, DETAIL = to_jsonb(v_bad);
    END IF;
END $$;

-- Writes the entries of claimed journals on locked accounts, or raises why not.
CREATE OR REPLACE FUNCTION banking.apply_legs(
    p_locked int, p_accounts bigint[], p_journals bigint[],
    p_leg_journals int[], p_leg_numbers smallint[], p_leg_accounts int[], p_leg_currencies text[],
    p_amounts bigint[], p_phases smallint[], p_memos text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_moved bigint[];
BEGIN
    v_moved := banking.write_legs(p_accounts, p_journals, p_leg_journals, p_leg_numbers,
        p_leg_accounts, p_leg_currencies, p_amounts, p_phases, p_memos);
    IF cardinality(v_moved) < p_locked THEN
        PERFORM banking.refuse_legs(v_moved, p_accounts, p_journals,
            p_leg_journals, p_leg_accounts, p_amounts, p_phases);
    END IF;
END $$;

-- Claims a journal's key. NULL means that the key was used before, for the same content; a second
-- caller waits here until the first has committed or given up.
CREATE OR REPLACE FUNCTION banking.claim_journal(
    p_key uuid, p_kind text, p_subject text, p_hash bytea, p_legs int, p_value_date date,
    p_at timestamptz, p_person uuid, p_reverses bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_id bigint;
    v_hash bytea;
BEGIN
    INSERT INTO banking.journals
        (key, kind, subject, content_hash, legs, value_date, booked_at, person_id, reverses)
    VALUES (p_key, p_kind, p_subject, p_hash, p_legs, p_value_date, p_at, p_person, p_reverses)
    ON CONFLICT (key) DO NOTHING
    RETURNING id INTO v_id;
    IF v_id IS NULL THEN
        SELECT content_hash INTO STRICT v_hash FROM banking.journals WHERE key = p_key;
        IF v_hash <> p_hash THEN
            RAISE EXCEPTION 'key % was used for another booking', p_key
                USING ERRCODE = 'BK005', DETAIL = '{}';
        END IF;
    END IF;
    RETURN v_id;
END $$;

-- Books one journal in one call. Its plans do not depend on the values, so they are made once.
CREATE OR REPLACE FUNCTION banking.post_journal(
    p_key uuid, p_kind text, p_subject text, p_hash bytea, p_value_date date, p_at timestamptz,
    p_person uuid, p_reverses bigint,
    p_kinds text[], p_keys text[], p_currencies text[], p_disciplines text[],
    p_leg_accounts int[], p_amounts bigint[], p_phases smallint[], p_memos text[],
    OUT journal_id bigint, OUT value_date date, OUT booked_at timestamptz, OUT is_replay boolean,
    OUT parked bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_legs int := cardinality(p_amounts);
    v_accounts bigint[];
    v_leg_accounts int[] := p_leg_accounts;
    v_locked int;
    v_capped boolean;
    v_moved bigint[];
BEGIN
    parked := 0;
    journal_id := banking.claim_journal(
        p_key, p_kind, p_subject, p_hash, v_legs, p_value_date, p_at, p_person, p_reverses);
    is_replay := journal_id IS NULL;
    IF is_replay THEN
        SELECT j.id, j.value_date, j.booked_at INTO journal_id, value_date, booked_at
        FROM banking.journals j WHERE j.key = p_key;
        RETURN;
    END IF;
    value_date := p_value_date;
    booked_at := p_at;
    v_accounts := banking.find_accounts(p_kinds, p_keys, p_currencies, p_disciplines, p_at);
    SELECT l.locked, l.is_capped INTO v_locked, v_capped
    FROM banking.lock_accounts(v_accounts, p_at) l;
    IF v_capped THEN
        SELECT * INTO v_accounts, v_leg_accounts, v_locked, parked
        FROM banking.park_excess(v_accounts, v_leg_accounts, v_locked, p_amounts, p_phases, p_at);
    END IF;
    -- Each account once: as the journal names them, and still so where a credit was led elsewhere.
    IF cardinality(p_kinds) < v_legs OR cardinality(v_accounts) > v_legs THEN
        PERFORM banking.apply_legs(
            v_locked, v_accounts, ARRAY[journal_id], array_fill(1, ARRAY[v_legs]),
            ARRAY(SELECT generate_series(1, v_legs)::smallint), v_leg_accounts,
            ARRAY(SELECT p_currencies[a] FROM unnest(p_leg_accounts) a),
            p_amounts, p_phases, p_memos);
        RETURN;
    END IF;
    v_moved := banking.write_distinct_legs(
        journal_id, v_accounts, p_currencies, p_amounts, p_phases, p_memos);
    IF cardinality(v_moved) < v_locked THEN
        PERFORM banking.refuse_legs(v_moved, v_accounts, ARRAY[journal_id],
            array_fill(1, ARRAY[v_legs]), v_leg_accounts, p_amounts, p_phases);
    END IF;
END $$;

-- A whole batch, all or nothing: one insert of journals, one lock of accounts, one insert of
-- entries. Returns how many journals were not booked before. Plans are made for the batch at hand:
-- a plan for three legs would walk ten thousand in nested loops.
CREATE OR REPLACE FUNCTION banking.post_many(
    p_journal_keys uuid[], p_journal_kinds text[], p_subjects text[], p_hashes bytea[],
    p_leg_counts smallint[], p_value_dates date[], p_reverses bigint[],
    p_at timestamptz, p_person uuid,
    p_kinds text[], p_keys text[], p_currencies text[], p_disciplines text[],
    p_leg_journals int[], p_leg_numbers smallint[], p_leg_accounts int[], p_leg_currencies text[],
    p_amounts bigint[], p_phases smallint[], p_memos text[]
) RETURNS bigint LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    v_journals bigint[];
    v_accounts bigint[];
    v_leg_accounts int[] := p_leg_accounts;
    v_fresh bigint;
    v_locked record;
BEGIN
    SELECT array_agg(nextval('banking.journals_id_seq')) INTO v_journals
    FROM generate_series(1, cardinality(p_journal_keys));
    -- In the order of their keys, so that two batches with common keys never cross.
    WITH claimed AS (
        INSERT INTO banking.journals
            (id, key, kind, subject, content_hash, legs, value_date, booked_at, person_id, reverses)
        SELECT v_journals[j.place], j.key, j.kind, j.subject, j.hash, j.legs, j.value_date, p_at,
            p_person, j.reverses
        FROM unnest(p_journal_keys, p_journal_kinds, p_subjects, p_hashes, p_leg_counts,
                p_value_dates, p_reverses)
            WITH ORDINALITY j (key, kind, subject, hash, legs, value_date, reverses, place)
        ORDER BY j.key
        ON CONFLICT (key) DO NOTHING
        RETURNING id
    )
    SELECT count(*) INTO v_fresh FROM claimed;
    IF v_fresh < cardinality(p_journal_keys) THEN
        IF EXISTS (
            SELECT 1 FROM unnest(p_journal_keys, p_hashes) n (key, hash)
            JOIN banking.journals j ON j.key = n.key WHERE j.content_hash <> n.hash
        ) THEN
            RAISE EXCEPTION 'a key of the batch was used for another booking'
                USING ERRCODE = 'BK005', DETAIL = '{}';
        END IF;
        SELECT array_agg(CASE WHEN j.id = v_journals[n.place] THEN j.id END ORDER BY n.place)
        INTO v_journals
        FROM unnest(p_journal_keys) WITH ORDINALITY n (key, place)
        JOIN banking.journals j ON j.key = n.key;
    END IF;
    IF v_fresh > 0 THEN
        v_accounts := banking.find_accounts(p_kinds, p_keys, p_currencies, p_disciplines, p_at);
        v_locked := banking.lock_accounts(v_accounts, p_at);
        IF v_locked.is_capped THEN
            SELECT p.accounts, p.leg_accounts, p.locked
            INTO v_accounts, v_leg_accounts, v_locked.locked
            FROM banking.park_excess(v_accounts, v_leg_accounts, v_locked.locked, ARRAY(
                SELECT CASE WHEN v_journals[l.journal] IS NULL THEN 0 ELSE l.amount END
                FROM unnest(p_leg_journals, p_amounts) WITH ORDINALITY l (journal, amount, place)
                ORDER BY l.place
            ), p_phases, p_at) p;
        END IF;
        PERFORM banking.apply_legs(
            v_locked.locked, v_accounts, v_journals, p_leg_journals,
            p_leg_numbers, v_leg_accounts, p_leg_currencies, p_amounts, p_phases, p_memos);
    END IF;
    RETURN v_fresh;
END $$;

-- What customers asked for stays as they asked for it.
CREATE OR REPLACE TRIGGER own_limits_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.own_limits
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER tier_grants_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.tier_grants
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What was shown, checked and decided stays; an application alone moves on.
CREATE OR REPLACE TRIGGER application_documents_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.application_documents
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER document_openings_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.document_openings
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER document_deletions_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.document_deletions
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER application_checks_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.application_checks
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER application_reviews_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.application_reviews
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What a window's account may count up to, NULL when its wallet or owner has no allowance. The row is locked
-- against change until the account stands: a limit that is lowered meanwhile finds it and lowers it.
CREATE OR REPLACE FUNCTION banking.allowance_for(p_kind text, p_key text, p_currency text)
RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_whose uuid := split_part(p_key, ':', 1)::uuid;
    v_amount bigint;
BEGIN
    IF starts_with(p_kind, 'limit_owner_') THEN
        SELECT amount_minor INTO v_amount FROM banking.owner_allowances
        WHERE owner_id = v_whose AND period = substr(p_kind, 13) AND p_currency = 'EUR'
        FOR SHARE;
    ELSE
        SELECT amount_minor INTO v_amount FROM banking.allowances
        WHERE wallet_id = v_whose AND period = substr(p_kind, 7) AND currency = p_currency
        FOR SHARE;
    END IF;
    RETURN v_amount;
END $$;

-- Holds: money kept back of a guarded account. A hold row changes only under its account's lock,
-- which every function takes first, so that holds add no lock order of their own.

CREATE OR REPLACE FUNCTION banking.place_hold(
    p_hold uuid, p_key uuid, p_subject text, p_hash bytea, p_value_date date, p_at timestamptz,
    p_person uuid, p_kind text, p_account_key text, p_currency text, p_discipline text,
    p_amount bigint, p_reason text, p_expires_at timestamptz
) RETURNS SETOF banking.holds LANGUAGE plpgsql AS $$
DECLARE
    v_journal record;
BEGIN
    SELECT * INTO v_journal FROM banking.post_journal(
        p_key, 'hold_placed', p_subject, p_hash, p_value_date, p_at, p_person, NULL,
        ARRAY[p_kind, 'hold_control'], ARRAY[p_account_key, 'house'],
        ARRAY[p_currency, p_currency], ARRAY[p_discipline, 'house'],
        ARRAY[1, 2], ARRAY[p_amount, -p_amount], ARRAY[2, 2]::smallint[], ARRAY[p_reason, p_reason]);
    IF NOT v_journal.is_replay THEN
        INSERT INTO banking.holds
            (id, journal_id, account_id, currency, amount, reason, subject, placed_at, expires_at)
        SELECT p_hold, v_journal.journal_id, a.id, p_currency, p_amount, p_reason, p_subject, p_at,
            p_expires_at
        FROM banking.ledger_accounts a
        WHERE a.kind = p_kind AND a.key = p_account_key AND a.currency = p_currency;
    END IF;
    RETURN QUERY SELECT * FROM banking.holds WHERE id = p_hold;
END $$;

-- Reads a hold whose account is locked; whatever ended it did so under that lock.
CREATE OR REPLACE FUNCTION banking.open_hold(p_hold uuid) RETURNS banking.holds LANGUAGE plpgsql AS $$
DECLARE
    v_hold banking.holds;
BEGIN
    SELECT * INTO v_hold FROM banking.holds WHERE id = p_hold;
    IF v_hold.state <> 'open' THEN
        RAISE EXCEPTION 'hold % is %', p_hold, v_hold.state
            USING ERRCODE = 'BK011', DETAIL = jsonb_build_object('state', v_hold.state);
    END IF;
    RETURN v_hold;
END $$;

-- Books part or all of a hold: what is captured stops being held in the journal that moves it.
CREATE OR REPLACE FUNCTION banking.capture_hold(
    p_hold uuid, p_amount bigint,
    p_key uuid, p_kind text, p_subject text, p_hash bytea, p_value_date date, p_at timestamptz,
    p_person uuid,
    p_kinds text[], p_keys text[], p_currencies text[], p_disciplines text[],
    p_leg_accounts int[], p_amounts bigint[], p_memos text[],
    OUT journal_id bigint, OUT value_date date, OUT booked_at timestamptz, OUT is_replay boolean,
    OUT parked bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_hold banking.holds;
    v_control bigint;
    v_accounts bigint[];
    v_leg_accounts int[] := p_leg_accounts;
    v_taken bigint;
    v_locked int;
    v_capped boolean;
    v_legs int := cardinality(p_amounts) + 2;
BEGIN
    parked := 0;
    journal_id := banking.claim_journal(
        p_key, p_kind, p_subject, p_hash, v_legs, p_value_date, p_at, p_person, NULL);
    is_replay := journal_id IS NULL;
    IF is_replay THEN
        SELECT j.id, j.value_date, j.booked_at INTO journal_id, value_date, booked_at
        FROM banking.journals j WHERE j.key = p_key;
        RETURN;
    END IF;
    value_date := p_value_date;
    booked_at := p_at;
    SELECT * INTO v_hold FROM banking.holds WHERE id = p_hold;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no hold %', p_hold USING ERRCODE = 'BK010', DETAIL = '{}';
    END IF;
    v_accounts := banking.find_accounts(p_kinds, p_keys, p_currencies, p_disciplines, p_at);
    SELECT l.locked, l.is_capped INTO v_locked, v_capped
    FROM banking.lock_accounts(v_accounts || v_hold.account_id, p_at) l;
    v_hold := banking.open_hold(p_hold);
    IF p_amount > v_hold.amount - v_hold.captured - v_hold.released THEN
        RAISE EXCEPTION 'hold % is too small', p_hold USING ERRCODE = 'BK012',
            DETAIL = jsonb_build_object('currency', v_hold.currency,
                'remaining', v_hold.amount - v_hold.captured - v_hold.released);
    END IF;
    SELECT -sum(l.amount) INTO v_taken FROM unnest(p_leg_accounts, p_amounts) l (account, amount)
    WHERE v_accounts[l.account] = v_hold.account_id;
    IF v_taken IS DISTINCT FROM p_amount THEN
        RAISE EXCEPTION 'hold % captures % but the legs take %', p_hold, p_amount, v_taken
            USING ERRCODE = 'BK013', DETAIL = '{}';
    END IF;
    IF v_capped THEN
        SELECT * INTO v_accounts, v_leg_accounts, v_locked, parked
        FROM banking.park_excess(v_accounts, v_leg_accounts, v_locked, p_amounts,
            array_fill(1::smallint, ARRAY[v_legs - 2]), p_at);
    END IF;
    v_control := (banking.find_accounts(
        ARRAY['hold_control'], ARRAY['house'], ARRAY[v_hold.currency], ARRAY['house'], p_at))[1];
    -- The held legs come first: what is taken must be free in the instant before it is taken.
    PERFORM banking.apply_legs(
        v_locked, v_accounts || ARRAY[v_hold.account_id, v_control],
        ARRAY[journal_id], array_fill(1, ARRAY[v_legs]),
        ARRAY(SELECT generate_series(1, v_legs)::smallint),
        ARRAY[cardinality(v_accounts) + 1, cardinality(v_accounts) + 2] || v_leg_accounts,
        ARRAY[v_hold.currency, v_hold.currency]::text[]
            || ARRAY(SELECT p_currencies[a] FROM unnest(p_leg_accounts) a),
        ARRAY[-p_amount, p_amount] || p_amounts,
        ARRAY[2, 2]::smallint[] || array_fill(1::smallint, ARRAY[v_legs - 2]),
        ARRAY[v_hold.reason, v_hold.reason]::text[] || p_memos);
    UPDATE banking.holds h SET captured = h.captured + p_amount,
        state = CASE WHEN h.captured + p_amount + h.released = h.amount THEN 'captured' ELSE 'open' END
    WHERE h.id = p_hold;
END $$;

-- Gives back what is left of a hold; p_state says whether somebody let go or time did.
CREATE OR REPLACE FUNCTION banking.release_hold(
    p_hold uuid, p_key uuid, p_state text, p_at timestamptz, p_person uuid
) RETURNS SETOF banking.holds LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_hold banking.holds;
    v_left bigint;
    v_journal bigint;
    v_accounts bigint[];
BEGIN
    SELECT * INTO v_hold FROM banking.holds WHERE id = p_hold;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no hold %', p_hold USING ERRCODE = 'BK010', DETAIL = '{}';
    END IF;
    v_journal := banking.claim_journal(
        p_key, 'hold_' || p_state, v_hold.subject, sha256(convert_to(p_state || ':' || p_hold, 'UTF8')),
        2, (p_at AT TIME ZONE 'UTC')::date, p_at, p_person, NULL);
    IF v_journal IS NOT NULL THEN
        v_accounts := ARRAY[v_hold.account_id] || banking.find_accounts(
            ARRAY['hold_control'], ARRAY['house'], ARRAY[v_hold.currency], ARRAY['house'], p_at);
        PERFORM 1 FROM banking.ledger_accounts WHERE id = v_hold.account_id FOR UPDATE;
        v_hold := banking.open_hold(p_hold);
        v_left := v_hold.amount - v_hold.captured - v_hold.released;
        -- Giving back never fails: not for a freeze, not for a floor that was raised meanwhile.
        PERFORM banking.write_distinct_legs(
            v_journal, v_accounts, ARRAY[v_hold.currency, v_hold.currency]::text[],
            ARRAY[-v_left, v_left], ARRAY[2, 2]::smallint[],
            ARRAY[v_hold.reason, v_hold.reason]::text[]);
        UPDATE banking.holds SET released = released + v_left, state = p_state WHERE id = p_hold;
    END IF;
    RETURN QUERY SELECT * FROM banking.holds WHERE id = p_hold;
END $$;

-- Ends the holds of one account whose time is over; returns how many.
CREATE OR REPLACE FUNCTION banking.expire_due_holds(p_account bigint, p_at timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_hold uuid;
    v_count int := 0;
BEGIN
    PERFORM 1 FROM banking.ledger_accounts WHERE id = p_account FOR UPDATE;
    FOR v_hold IN
        SELECT id FROM banking.holds
        WHERE account_id = p_account AND state = 'open' AND expires_at <= p_at ORDER BY id
    LOOP
        -- Two sessions that end the same hold meet at this key.
        PERFORM banking.release_hold(v_hold, md5('expired:' || v_hold)::uuid, 'expired', p_at, NULL);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;

-- House accounts are never locked: their balance is a snapshot plus the entries since.

CREATE OR REPLACE VIEW banking.account_balances AS
SELECT a.id, a.kind, a.key, a.currency, a.guarded, a.held, a.status, a.floor, a.ceiling, a.opened_at,
    CASE WHEN a.guarded THEN a.posted ELSE a.posted + coalesce((
        SELECT sum(e.amount) FROM banking.entries e
        WHERE e.account_id = a.id AND e.id > a.rolled_up_to AND e.phase = 1
    ), 0)::bigint END AS posted
FROM banking.ledger_accounts a;

-- The last entry of a guarded account that was booked before an instant, 0 without one. Its entries
-- are numbered under its lock, so the numbers of one account follow its time and can be halved:
-- a wallet of a million entries answers in some twenty probes of an index.
CREATE OR REPLACE FUNCTION banking.entry_before(p_account bigint, p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_last bigint;
    v_step bigint := 1;
    v_reached bigint := 0;
    v_booked_at timestamptz;
BEGIN
    SELECT e.id, j.booked_at INTO v_last, v_booked_at
    FROM banking.entries e JOIN banking.journals j ON j.id = e.journal_id
    WHERE e.account_id = p_account ORDER BY e.id DESC LIMIT 1;
    IF v_last IS NULL OR v_booked_at < p_at THEN
        RETURN coalesce(v_last, 0);
    END IF;
    WHILE v_step <= v_last LOOP
        v_step := v_step * 2;
    END LOOP;
    LOOP
        v_step := v_step / 2;
        EXIT WHEN v_step = 0;
        SELECT j.booked_at INTO v_booked_at
        FROM (
            SELECT e.journal_id FROM banking.entries e
            WHERE e.account_id = p_account AND e.id >= v_reached + v_step ORDER BY e.id LIMIT 1
        ) next JOIN banking.journals j ON j.id = next.journal_id;
        IF v_booked_at < p_at THEN
            v_reached := v_reached + v_step;
        END IF;
    END LOOP;
    RETURN v_reached;
END $$;

-- Moves the snapshots forward to the last mark, if every transaction that could have written an
-- entry before the mark has ended; then sets the next mark. Entry numbers are given out before
-- their transaction commits, so "all numbers up to here" is only final once those are over.
--
-- The horizon of a mark is the number of the transaction of the *next* call: it began after the mark
-- was committed, so whoever held an entry number by then has a lower number. What a snapshot
-- calls its end would not do: it counts from the last transaction that ended, and one that runs and
-- holds numbers may lie beyond it.
CREATE OR REPLACE FUNCTION banking.roll_up() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_mark banking.roll_up_mark;
    v_own bigint := pg_current_xact_id()::text::bigint;
    v_last bigint;
BEGIN
    INSERT INTO banking.roll_up_mark (id, last_entry, horizon) VALUES (1, 0, 0)
    ON CONFLICT (id) DO NOTHING;
    SELECT * INTO v_mark FROM banking.roll_up_mark WHERE id = 1 FOR UPDATE;
    IF v_mark.last_entry > v_mark.rolled_up_to AND v_mark.horizon = 0 THEN
        v_mark.horizon := v_own;
    END IF;
    IF v_mark.last_entry > v_mark.rolled_up_to
        AND pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= v_mark.horizon
    THEN
        UPDATE banking.ledger_accounts a
        SET posted = a.posted + s.amount, rolled_up_to = v_mark.last_entry
        FROM (
            SELECT h.id, sum(e.amount)::bigint AS amount
            FROM banking.ledger_accounts h
            JOIN banking.entries e ON e.account_id = h.id AND e.id > h.rolled_up_to
                AND e.id <= v_mark.last_entry AND e.phase = 1
            WHERE NOT h.guarded GROUP BY h.id
        ) s
        WHERE a.id = s.id;
        v_mark.rolled_up_to := v_mark.last_entry;
    END IF;
    IF v_mark.rolled_up_to = v_mark.last_entry THEN
        SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO v_last
        FROM banking.entries_id_seq;
        v_mark.last_entry := v_last;
        v_mark.horizon := 0;
    END IF;
    UPDATE banking.roll_up_mark SET last_entry = v_mark.last_entry,
        rolled_up_to = v_mark.rolled_up_to, horizon = v_mark.horizon
    WHERE id = 1;
    RETURN v_mark.rolled_up_to;
END $$;

-- Recomputes the whole ledger from its entries. STABLE, so that all of it sees one snapshot.
-- One look at a journal's sums settles it where all its entries are of one currency; only journals
-- of several are added up again by currency.
-- Shape: {"entries": n, "totals": {"EUR": 0}, "problem": null | {"check", "journal" or "account", …}}.
CREATE OR REPLACE FUNCTION banking.verify_ledger() RETURNS jsonb LANGUAGE plpgsql STABLE
SET work_mem = '256MB' AS $$
DECLARE
    v_found record;
BEGIN
    WITH part AS MATERIALIZED (
        SELECT journal_id, count(*) AS legs, min(currency) <> max(currency) AS is_mixed,
            coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS booked,
            coalesce(sum(amount) FILTER (WHERE phase = 2), 0) AS held
        FROM banking.entries GROUP BY journal_id
    ), suspect AS MATERIALIZED (
        SELECT journal_id FROM part WHERE is_mixed OR booked <> 0 OR held <> 0
    ), wrong AS MATERIALIZED (
        SELECT journal_id, currency, phase, sum(amount) AS difference
        FROM banking.entries WHERE journal_id IN (SELECT journal_id FROM suspect)
        GROUP BY journal_id, currency, phase HAVING sum(amount) <> 0
    )
    SELECT
        (SELECT coalesce(sum(legs), 0) FROM part) AS entries,
        (SELECT coalesce(jsonb_object_agg(currency, total), '{}') FROM (
            SELECT currency, coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS total
            FROM banking.entries GROUP BY currency
        ) c) AS totals,
        coalesce(
            (SELECT jsonb_build_object('check', 'journal_balanced', 'journal', journal_id,
                'currency', currency, 'phase', phase, 'difference', difference)
            FROM wrong ORDER BY journal_id LIMIT 1),
            (SELECT jsonb_build_object('check', 'journal_whole',
                'journal', coalesce(j.id, e.journal_id), 'expected', j.legs, 'found', e.legs)
            FROM banking.journals j FULL JOIN part e ON e.journal_id = j.id
            WHERE j.legs IS DISTINCT FROM e.legs
            ORDER BY coalesce(j.id, e.journal_id) LIMIT 1),
            banking.first_wrong_account()) AS problem
    INTO v_found;
    RETURN jsonb_build_object(
        'entries', v_found.entries, 'totals', v_found.totals, 'problem', v_found.problem);
END $$;

-- The first account whose row is not what its entries and holds add up to, NULL when all are.
-- The running balances of a guarded account are a chain from zero to its balance: the balances
-- before its entries and its last are the same numbers as zero and the balances after. Comparing
-- sums of their hashes needs no sorting; only an account that fails is walked to name the entry.
CREATE OR REPLACE FUNCTION banking.first_wrong_account() RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH summed AS (
        SELECT account_id, max(currency) AS currency,
            coalesce(sum(amount) FILTER (WHERE phase = 1), 0) AS posted,
            coalesce(sum(amount) FILTER (WHERE phase = 2), 0) AS held,
            sum(hashint8(balance_after)) AS after,
            sum(hashint8(balance_after - CASE phase WHEN 1 THEN amount ELSE 0 END)) AS before,
            count(balance_after) = count(*) AS is_chain
        FROM banking.entries GROUP BY account_id
    ), kept AS (
        SELECT account_id, sum(amount - captured - released) AS held
        FROM banking.holds WHERE state = 'open' GROUP BY account_id
    ), compared AS (
        SELECT a.*, coalesce(s.posted, 0) AS entries_posted, coalesce(s.held, 0) AS entries_held,
            coalesce(k.held, 0) AS holds_held,
            CASE
                WHEN s.currency <> a.currency THEN 'account_currency'
                WHEN a.posted <> coalesce(s.posted, 0) THEN 'account_posted'
                WHEN NOT a.guarded THEN NULL
                WHEN a.held <> coalesce(k.held, 0) THEN 'account_holds'
                WHEN a.held <> coalesce(s.held, 0) THEN 'account_held'
                WHEN a.posted - a.held < a.floor OR a.posted > a.ceiling THEN 'account_limits'
                WHEN s.before + hashint8(a.posted) <> s.after + hashint8(0) OR NOT s.is_chain
                    THEN 'entry_balance'
            END AS failed
        FROM banking.account_balances a
        LEFT JOIN summed s ON s.account_id = a.id
        LEFT JOIN kept k ON k.account_id = a.id
    ), first AS (
        SELECT * FROM compared WHERE failed IS NOT NULL ORDER BY id LIMIT 1
    )
    SELECT jsonb_build_object('check', f.failed, 'account', f.id, 'kind', f.kind, 'key', f.key,
        'currency', f.currency, 'posted', f.posted, 'entries_posted', f.entries_posted,
        'held', f.held, 'entries_held', f.entries_held, 'holds_held', f.holds_held)
        || CASE WHEN f.failed = 'entry_balance' THEN (
            SELECT jsonb_build_object(
                'entry', w.id, 'balance_after', w.balance_after, 'expected', w.expected)
            FROM (
                SELECT e.id, e.balance_after, sum(CASE e.phase WHEN 1 THEN e.amount ELSE 0 END)
                    OVER (ORDER BY e.id) AS expected
                FROM banking.entries e WHERE e.account_id = f.id
            ) w
            WHERE w.balance_after IS DISTINCT FROM w.expected ORDER BY w.id LIMIT 1
        ) ELSE '{}' END
    FROM first f
$$;

-- Published rates, exchanges and refunds are evidence; a quote may only ever be marked as used.
CREATE TRIGGER fx_rates_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.fx_rates
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER fx_executions_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.fx_executions
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER fx_refunds_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.fx_refunds
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What the card network told us is evidence.
CREATE TRIGGER provider_events_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.provider_events
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- A closed month stays as it was closed.
CREATE TRIGGER statements_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.statements
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
-- What went into a pot and came out of it stays told.
CREATE TRIGGER pot_moves_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.pot_moves
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What others' books say, and what was compared when, is evidence.
CREATE TRIGGER statement_lines_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.statement_lines
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER comparisons_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.comparisons
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER safeguarding_days_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.safeguarding_days
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER safeguarding_parts_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.safeguarding_parts
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Which kinds of account count for safeguarding on a day, by the newest row that holds then.
CREATE FUNCTION banking.scope_on(p_on date) RETURNS TABLE (kind text, side text)
LANGUAGE sql STABLE AS $$
    SELECT n.kind, n.side FROM (
        SELECT DISTINCT ON (s.kind) s.kind, s.side FROM banking.safeguarding_scope s
        WHERE s.valid_from <= p_on ORDER BY s.kind, s.valid_from DESC
    ) n WHERE n.side <> 'none'
$$;

-- Who approved what stays: an approval is marked as given, used or withdrawn, never taken away.
CREATE TRIGGER approvals_are_evidence BEFORE DELETE OR TRUNCATE ON banking.approvals
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER approval_terms_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.approval_terms
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What a transfer went through, and what the rail notified, is evidence.
CREATE TRIGGER transfer_steps_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.transfer_steps
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER late_credit_steps_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.late_credit_steps
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER rail_messages_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.rail_messages
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER standing_runs_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.standing_runs
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Whose turn it was, and what a payout went through, is evidence.
CREATE TRIGGER payout_turns_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.payout_turns
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER payout_steps_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.payout_steps
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What was given and what was wrong with it is evidence; what becomes of it stands elsewhere.
CREATE TRIGGER batch_files_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.batch_files
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER batch_lines_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.batch_lines
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER batch_faults_are_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON banking.batch_faults
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Policy numbers run through the house; gaps are harmless, repeats are not.
CREATE SEQUENCE IF NOT EXISTS insurance.policy_number START WITH 48213;

-- What happened to a policy or a claim stays as it was written.
CREATE OR REPLACE TRIGGER policy_entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.policy_entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE OR REPLACE TRIGGER claim_entries_are_evidence
    BEFORE UPDATE OR DELETE OR TRUNCATE ON insurance.claim_entries
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- How converted prices look, per currency. House decision of 2026: no price moves by more than
-- about two percent, and rounding goes to the nearest step, so that it favours nobody on average.
INSERT INTO marketplace.price_rounding (currency, valid_from, from_minor, step_minor, less_minor)
VALUES
    ('EUR', '2026-01-01', 0, 1, 0),
    ('EUR', '2026-01-01', 500, 10, 1),
    ('EUR', '2026-01-01', 2500, 50, 1),
    ('EUR', '2026-01-01', 10000, 100, 1),
    ('EUR', '2026-01-01', 100000, 1000, 100),
    ('USD', '2026-01-01', 0, 1, 0),
    ('USD', '2026-01-01', 500, 10, 1),
    ('USD', '2026-01-01', 2500, 50, 1),
    ('USD', '2026-01-01', 10000, 100, 1),
    ('USD', '2026-01-01', 100000, 1000, 100),
    ('GBP', '2026-01-01', 0, 1, 0),
    ('GBP', '2026-01-01', 500, 10, 1),
    ('GBP', '2026-01-01', 2500, 50, 1),
    ('GBP', '2026-01-01', 10000, 100, 1),
    ('GBP', '2026-01-01', 100000, 1000, 100),
    ('CAD', '2026-01-01', 0, 1, 0),
    ('CAD', '2026-01-01', 500, 10, 1),
    ('CAD', '2026-01-01', 2500, 50, 1),
    ('CAD', '2026-01-01', 10000, 100, 1),
    ('CAD', '2026-01-01', 100000, 1000, 100),
    ('AUD', '2026-01-01', 0, 1, 0),
    ('AUD', '2026-01-01', 500, 10, 1),
    ('AUD', '2026-01-01', 2500, 50, 1),
    ('AUD', '2026-01-01', 10000, 100, 1),
    ('AUD', '2026-01-01', 100000, 1000, 100),
    ('SGD', '2026-01-01', 0, 1, 0),
    ('SGD', '2026-01-01', 500, 10, 1),
    ('SGD', '2026-01-01', 2500, 50, 1),
    ('SGD', '2026-01-01', 10000, 100, 1),
    ('SGD', '2026-01-01', 100000, 1000, 100),
    ('NZD', '2026-01-01', 0, 1, 0),
    ('NZD', '2026-01-01', 500, 10, 1),
    ('NZD', '2026-01-01', 2500, 50, 1),
    ('NZD', '2026-01-01', 10000, 100, 1),
    ('NZD', '2026-01-01', 100000, 1000, 100),
    ('ILS', '2026-01-01', 0, 1, 0),
    ('ILS', '2026-01-01', 500, 10, 1),
    ('ILS', '2026-01-01', 2500, 50, 1),
    ('ILS', '2026-01-01', 10000, 100, 1),
    ('ILS', '2026-01-01', 100000, 1000, 100),
    ('CHF', '2026-01-01', 0, 5, 0),
    ('CHF', '2026-01-01', 2500, 50, 10),
    ('CHF', '2026-01-01', 10000, 100, 10),
    ('CHF', '2026-01-01', 100000, 1000, 100),
    ('AED', '2026-01-01', 0, 5, 0),
    ('AED', '2026-01-01', 2000, 50, 10),
    ('AED', '2026-01-01', 10000, 100, 10),
    ('AED', '2026-01-01', 50000, 500, 100),
    ('SAR', '2026-01-01', 0, 5, 0),
    ('SAR', '2026-01-01', 2000, 50, 10),
    ('SAR', '2026-01-01', 10000, 100, 10),
    ('SAR', '2026-01-01', 50000, 500, 100),
    ('BRL', '2026-01-01', 0, 5, 0),
    ('BRL', '2026-01-01', 2000, 50, 10),
    ('BRL', '2026-01-01', 10000, 100, 10),
    ('BRL', '2026-01-01', 50000, 500, 100),
    ('PLN', '2026-01-01', 0, 5, 0),
    ('PLN', '2026-01-01', 2000, 50, 10),
    ('PLN', '2026-01-01', 10000, 100, 10),
    ('PLN', '2026-01-01', 50000, 500, 100),
    ('RON', '2026-01-01', 0, 5, 0),
    ('RON', '2026-01-01', 2000, 50, 10),
    ('RON', '2026-01-01', 10000, 100, 10),
    ('RON', '2026-01-01', 50000, 500, 100),
    ('MYR', '2026-01-01', 0, 5, 0),
    ('MYR', '2026-01-01', 2000, 50, 10),
    ('MYR', '2026-01-01', 10000, 100, 10),
    ('MYR', '2026-01-01', 50000, 500, 100),
    ('TRY', '2026-01-01', 0, 5, 0),
    ('TRY', '2026-01-01', 2000, 50, 10),
    ('TRY', '2026-01-01', 10000, 100, 10),
    ('TRY', '2026-01-01', 50000, 500, 100),
    ('CNY', '2026-01-01', 0, 10, 0),
    ('CNY', '2026-01-01', 2000, 50, 10),
    ('CNY', '2026-01-01', 10000, 100, 0),
    ('CNY', '2026-01-01', 30000, 500, 100),
    ('CNY', '2026-01-01', 200000, 1000, 100),
    ('HKD', '2026-01-01', 0, 10, 0),
    ('HKD', '2026-01-01', 2000, 50, 10),
    ('HKD', '2026-01-01', 10000, 100, 0),
    ('HKD', '2026-01-01', 30000, 500, 100),
    ('HKD', '2026-01-01', 200000, 1000, 100),
    ('MXN', '2026-01-01', 0, 10, 0),
    ('MXN', '2026-01-01', 2000, 50, 10),
    ('MXN', '2026-01-01', 10000, 100, 0),
    ('MXN', '2026-01-01', 30000, 500, 100),
    ('MXN', '2026-01-01', 200000, 1000, 100),
    ('ZAR', '2026-01-01', 0, 10, 0),
    ('ZAR', '2026-01-01', 2000, 50, 10),
    ('ZAR', '2026-01-01', 10000, 100, 0),
    ('ZAR', '2026-01-01', 30000, 500, 100),
    ('ZAR', '2026-01-01', 200000, 1000, 100),
    ('THB', '2026-01-01', 0, 10, 0),
    ('THB', '2026-01-01', 2000, 50, 10),
    ('THB', '2026-01-01', 10000, 100, 0),
    ('THB', '2026-01-01', 30000, 500, 100),
    ('THB', '2026-01-01', 200000, 1000, 100),
    ('DKK', '2026-01-01', 0, 50, 0),
    ('DKK', '2026-01-01', 5000, 100, 0),
    ('DKK', '2026-01-01', 20000, 500, 100),
    ('DKK', '2026-01-01', 100000, 1000, 100),
    ('SEK', '2026-01-01', 0, 50, 0),
    ('SEK', '2026-01-01', 5000, 100, 0),
    ('SEK', '2026-01-01', 20000, 500, 100),
    ('SEK', '2026-01-01', 100000, 1000, 100),
    ('NOK', '2026-01-01', 0, 50, 0),
    ('NOK', '2026-01-01', 5000, 100, 0),
    ('NOK', '2026-01-01', 20000, 500, 100),
    ('NOK', '2026-01-01', 100000, 1000, 100),
    ('CZK', '2026-01-01', 0, 50, 0),
    ('CZK', '2026-01-01', 5000, 100, 0),
    ('CZK', '2026-01-01', 20000, 500, 100),
    ('CZK', '2026-01-01', 100000, 1000, 100),
    ('HUF', '2026-01-01', 0, 100, 0),
    ('HUF', '2026-01-01', 50000, 1000, 100),
    ('HUF', '2026-01-01', 500000, 10000, 1000),
    ('INR', '2026-01-01', 0, 100, 0),
    ('INR', '2026-01-01', 50000, 1000, 100),
    ('INR', '2026-01-01', 500000, 10000, 1000),
    ('PHP', '2026-01-01', 0, 100, 0),
    ('PHP', '2026-01-01', 50000, 1000, 100),
    ('PHP', '2026-01-01', 500000, 10000, 1000),
    ('JPY', '2026-01-01', 0, 1, 0),
    ('JPY', '2026-01-01', 500, 10, 0),
    ('JPY', '2026-01-01', 3000, 50, 0),
    ('JPY', '2026-01-01', 10000, 100, 20),
    ('JPY', '2026-01-01', 50000, 500, 20),
    ('JPY', '2026-01-01', 200000, 1000, 200),
    ('KRW', '2026-01-01', 0, 10, 0),
    ('KRW', '2026-01-01', 5000, 100, 0),
    ('KRW', '2026-01-01', 20000, 500, 100),
    ('KRW', '2026-01-01', 100000, 1000, 100),
    ('VND', '2026-01-01', 0, 10, 0),
    ('VND', '2026-01-01', 5000, 100, 0),
    ('VND', '2026-01-01', 20000, 500, 100),
    ('VND', '2026-01-01', 100000, 1000, 100),
    ('CLP', '2026-01-01', 0, 10, 0),
    ('CLP', '2026-01-01', 5000, 100, 0),
    ('CLP', '2026-01-01', 20000, 500, 100),
    ('CLP', '2026-01-01', 100000, 1000, 100),
    ('IDR', '2026-01-01', 0, 10000, 0),
    ('IDR', '2026-01-01', 5000000, 100000, 10000),
    ('ISK', '2026-01-01', 0, 1, 0),
    ('ISK', '2026-01-01', 1000, 10, 0),
    ('ISK', '2026-01-01', 5000, 50, 10),
    ('KWD', '2026-01-01', 0, 5, 0),
    ('KWD', '2026-01-01', 2000, 50, 0),
    ('KWD', '2026-01-01', 10000, 250, 0),
    ('KWD', '2026-01-01', 50000, 500, 0),
    ('BHD', '2026-01-01', 0, 5, 0),
    ('BHD', '2026-01-01', 2000, 50, 0),
    ('BHD', '2026-01-01', 10000, 250, 0),
    ('BHD', '2026-01-01', 50000, 500, 0),
    ('OMR', '2026-01-01', 0, 5, 0),
    ('OMR', '2026-01-01', 2000, 50, 0),
    ('OMR', '2026-01-01', 10000, 250, 0),
    ('OMR', '2026-01-01', 50000, 500, 0),
    ('TND', '2026-01-01', 0, 5, 0),
    ('TND', '2026-01-01', 2000, 50, 0),
    ('TND', '2026-01-01', 10000, 250, 0),
    ('TND', '2026-01-01', 50000, 500, 0)
ON CONFLICT DO NOTHING;

-- Promises and the authority's words are evidence.
CREATE TRIGGER customs_quote_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.customs_quote
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER customs_declaration_step_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.customs_declaration_step
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- One counter for all cards: a card that left and came back is newer than its own tombstone.
CREATE SEQUENCE IF NOT EXISTS marketplace.card_version;

-- What was decided on a listing, and why, is told as it was.
CREATE TRIGGER listing_decision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.listing_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER listing_decision_seller_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.listing_decision_seller
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What a shop changed on a listing is told as it was.
CREATE TRIGGER listing_revision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.listing_revision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What was decided on a review, and why, is told as it was.
CREATE TRIGGER review_decision_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.review_decision
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- What went back, and how a return came to that, is told as it was.
CREATE TRIGGER order_refund_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.order_refund
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();
CREATE TRIGGER return_step_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE
    ON marketplace.return_step
    FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

