-- New rows are refused at once; 0004 looks at those that stand, while the house serves.
ALTER TABLE banking.allowances ADD CONSTRAINT ck_allowances_owner_kind_known
    CHECK (owner_kind IN ('person', 'organisation', 'house')) NOT VALID;
ALTER TABLE banking.application_documents ADD CONSTRAINT ck_application_documents_kind_known
    CHECK (kind IN ('passport', 'identity_card', 'residence_permit', 'register_extract',
        'articles', 'owners')) NOT VALID;
ALTER TABLE banking.approvals ADD CONSTRAINT ck_approvals_act_known
    CHECK (act IN ('transfer', 'standing_order', 'purchase', 'card_refund', 'card_details',
        'limits', 'trust_payee', 'unfreeze', 'payout_account', 'batch', 'close')) NOT VALID;
ALTER TABLE banking.batch_lines ADD CONSTRAINT ck_batch_lines_outcome_known
    CHECK (outcome IN ('match', 'close', 'no_match', 'cannot')) NOT VALID;
ALTER TABLE banking.fx_quotes ADD CONSTRAINT ck_fx_quotes_purpose_known
    CHECK (purpose IN ('exchange', 'order')) NOT VALID;
ALTER TABLE banking.fx_quotes ADD CONSTRAINT ck_fx_quotes_side_known
    CHECK (side IN ('sell', 'buy', 'free')) NOT VALID;
ALTER TABLE banking.fx_terms ADD CONSTRAINT ck_fx_terms_purpose_known
    CHECK (purpose IN ('exchange', 'order')) NOT VALID;
ALTER TABLE banking.late_credit_steps ADD CONSTRAINT ck_late_credit_steps_state_known
    CHECK (state IN ('waiting', 'named', 'sent', 'paid')) NOT VALID;
ALTER TABLE banking.late_credits ADD CONSTRAINT ck_late_credits_owner_kind_known
    CHECK (owner_kind IN ('person', 'organisation', 'house')) NOT VALID;
ALTER TABLE banking.owner_allowances ADD CONSTRAINT ck_owner_allowances_owner_kind_known
    CHECK (owner_kind IN ('person', 'organisation', 'house')) NOT VALID;
ALTER TABLE banking.payout_accounts ADD CONSTRAINT ck_payout_accounts_outcome_known
    CHECK (outcome IN ('match', 'close', 'no_match', 'cannot')) NOT VALID;
ALTER TABLE banking.payout_steps ADD CONSTRAINT ck_payout_steps_state_known
    CHECK (state IN ('made', 'sent', 'paid', 'returned', 'failed')) NOT VALID;
ALTER TABLE banking.safeguarding_parts ADD CONSTRAINT ck_safeguarding_parts_side_known
    CHECK (side IN ('owed', 'resource', 'outside')) NOT VALID;
ALTER TABLE banking.saved_payees ADD CONSTRAINT ck_saved_payees_outcome_known
    CHECK (outcome IN ('match', 'close', 'no_match', 'cannot')) NOT VALID;
ALTER TABLE banking.statement_orders ADD CONSTRAINT ck_statement_orders_format_known
    CHECK (format IN ('pdf', 'csv', 'camt053', 'mt940')) NOT VALID;
ALTER TABLE banking.transfer_steps ADD CONSTRAINT ck_transfer_steps_state_known
    CHECK (state IN ('draft', 'awaiting_approval', 'scheduled', 'accepted', 'sent', 'settled',
        'returned', 'cancelled', 'declined')) NOT VALID;
ALTER TABLE banking.transfers ADD CONSTRAINT ck_transfers_outcome_known
    CHECK (outcome IN ('match', 'close', 'no_match', 'cannot')) NOT VALID;
ALTER TABLE banking.transfers ADD CONSTRAINT ck_transfers_payee_kind_known
    CHECK (payee_kind IN ('person', 'organisation', 'house')) NOT VALID;
ALTER TABLE insurance.claim_entries ADD CONSTRAINT ck_claim_entries_state_known
    CHECK (state IN ('submitted', 'in_review', 'recommended', 'approved', 'waiting_for_funds',
        'paid', 'refused')) NOT VALID;
ALTER TABLE insurance.claims ADD CONSTRAINT ck_claims_cause_known
    CHECK (cause IN ('lost', 'delay', 'damage', 'theft', 'missing')) NOT VALID;
ALTER TABLE insurance.claims ADD CONSTRAINT ck_claims_state_known
    CHECK (state IN ('submitted', 'in_review', 'recommended', 'approved', 'waiting_for_funds',
        'paid', 'refused')) NOT VALID;
ALTER TABLE insurance.policy_entries ADD CONSTRAINT ck_policy_entries_state_known
    CHECK (state IN ('bound', 'attached', 'completed', 'cancelled', 'voided', 'exhausted')) NOT
        VALID;
ALTER TABLE insurance.recoveries ADD CONSTRAINT ck_recoveries_state_known
    CHECK (state IN ('awaiting_choice', 'kept', 'surrendered', 'closed')) NOT VALID;
ALTER TABLE insurance.recoveries ADD CONSTRAINT ck_recoveries_whereabouts_known
    CHECK (whereabouts IN ('carrier', 'holder')) NOT VALID;
ALTER TABLE kernel.confirmation ADD CONSTRAINT ck_confirmation_method_known
    CHECK (method IN ('passkey', 'app', 'code', 'password')) NOT VALID;
ALTER TABLE kernel.safety_log ADD CONSTRAINT ck_safety_log_kind_known
    CHECK (kind IN ('signed_in', 'passkey_added', 'passkey_removed', 'app_added', 'app_removed',
        'codes_made', 'code_used', 'password_changed', 'password_renewed', 'email_changed',
        'reset_asked', 'reset_cancelled', 'reset_done', 'wallets_frozen', 'wallets_thawed',
        'wallet_closed', 'account_closed', 'limit_changed', 'payee_trusted', 'payee_removed'))
        NOT VALID;
ALTER TABLE marketplace.customs_declaration_step ADD CONSTRAINT ck_customs_declaration_step_state_known
    CHECK (state IN ('draft', 'filed', 'queried', 'accepted', 'assessed', 'released',
        'refused')) NOT VALID;
ALTER TABLE marketplace.order_step ADD CONSTRAINT ck_order_step_state_known
    CHECK (state IN ('paid', 'dispatched', 'in_transit', 'customs', 'delivered', 'completed',
        'lost', 'indemnified', 'refunded', 'cancelled')) NOT VALID;
ALTER TABLE marketplace.parcel ADD CONSTRAINT ck_parcel_state_known
    CHECK (state IN ('ordered', 'labelled', 'accepted', 'in_transit', 'exported', 'arrived',
        'customs_presented', 'customs_held', 'customs_released', 'out_for_delivery',
        'delivery_failed', 'delivered', 'lost', 'returned')) NOT VALID;
ALTER TABLE marketplace.return_step ADD CONSTRAINT ck_return_step_state_known
    CHECK (state IN ('awaited', 'open', 'sent', 'rejected', 'disputed', 'settled', 'cancelled',
        'closed', 'void')) NOT VALID;
ALTER TABLE marketplace.stock_movement ADD CONSTRAINT ck_stock_movement_kind_known
    CHECK (kind IN ('reserve', 'released', 'expired', 'allocate', 'deallocate', 'ship',
        'restock', 'count')) NOT VALID;
ALTER TABLE marketplace.tracking_event ADD CONSTRAINT ck_tracking_event_state_known
    CHECK (state IN ('ordered', 'labelled', 'accepted', 'in_transit', 'exported', 'arrived',
        'customs_presented', 'customs_held', 'customs_released', 'out_for_delivery',
        'delivery_failed', 'delivered', 'lost', 'returned')) NOT VALID;
ALTER TABLE marketplace.vendor_order ADD CONSTRAINT ck_vendor_order_state_known
    CHECK (state IN ('paid', 'dispatched', 'in_transit', 'customs', 'delivered', 'completed',
        'lost', 'indemnified', 'refunded', 'cancelled')) NOT VALID;
