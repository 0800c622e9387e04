-- The form of the database after all migrations, written by `npm run schema`.

create sequence idempotency_fence as bigint;

create table action_log (
  account_id text not null,
  serial bigint not null generated always as identity,
  at timestamp with time zone not null,
  operation text not null,
  ticket_id text,
  event_key text,
  outcome text not null,
  failed boolean not null,
  message text,
  duration_ms double precision not null,
  lag_seconds double precision,
  constraint action_log_pkey PRIMARY KEY (account_id, serial)
);
CREATE INDEX action_log_at ON public.action_log USING brin (at);
CREATE INDEX action_log_by_ticket ON public.action_log USING btree (account_id, ticket_id, serial) WHERE (ticket_id IS NOT NULL);
CREATE INDEX action_log_failed ON public.action_log USING btree (account_id, serial) WHERE failed;

create table agent_associations (
  account_id text not null,
  ticket_id text not null,
  agent_id text not null,
  rules text[] not null,
  updated_at timestamp with time zone not null,
  constraint agent_associations_pkey PRIMARY KEY (account_id, ticket_id, agent_id)
);
CREATE INDEX agent_associations_list ON public.agent_associations USING btree (account_id, agent_id, updated_at DESC, ticket_id DESC);

create table agent_ids (
  account_id text not null,
  system text not null,
  external_id text not null,
  agent_id text not null,
  joined_at timestamp with time zone not null,
  constraint agent_ids_pkey PRIMARY KEY (account_id, system, external_id),
  constraint agent_ids_system CHECK ((system = ANY (ARRAY['zendesk'::text, 'salesforce'::text])))
);
CREATE INDEX agent_ids_by_agent ON public.agent_ids USING btree (account_id, agent_id);

create table agent_rules (
  account_id text not null,
  rules text[] not null,
  version integer not null,
  state text not null,
  cursor text not null,
  tickets_done integer not null,
  changed_at timestamp with time zone not null,
  computed_at timestamp with time zone,
  finished_at timestamp with time zone,
  constraint agent_rules_pkey PRIMARY KEY (account_id),
  constraint agent_rules_state CHECK ((state = ANY (ARRAY['running'::text, 'finished'::text])))
);

create table agents (
  account_id text not null,
  agent_id text not null,
  name text,
  email text,
  available boolean not null,
  made_at timestamp with time zone not null,
  constraint agents_pkey PRIMARY KEY (account_id, agent_id)
);

create table app_installations (
  account_id text not null,
  app_id text not null,
  installation_id text not null,
  public_key text not null,
  registered_at timestamp with time zone not null,
  constraint app_installations_pkey PRIMARY KEY (account_id)
);
CREATE INDEX app_installations_by_id ON public.app_installations USING btree (installation_id);

create table app_sessions (
  account_id text not null,
  token_hash text not null,
  user_id text not null,
  role text not null,
  role_checked_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint app_sessions_pkey PRIMARY KEY (account_id, token_hash)
);
CREATE INDEX app_sessions_expires_at ON public.app_sessions USING btree (expires_at);

create table app_signed_tokens (
  account_id text not null,
  token_hash text not null,
  expires_at timestamp with time zone not null,
  constraint app_signed_tokens_pkey PRIMARY KEY (account_id, token_hash)
);
CREATE INDEX app_signed_tokens_expires_at ON public.app_signed_tokens USING btree (expires_at);

create table attribute_definitions (
  account_id text not null,
  attribute_id text not null,
  version integer not null,
  subject text not null,
  name text not null,
  state text not null,
  document jsonb not null,
  saved_at timestamp with time zone not null,
  previewed_at timestamp with time zone,
  activated_at timestamp with time zone,
  constraint attribute_definitions_pkey PRIMARY KEY (account_id, attribute_id, version),
  constraint attribute_definitions_state CHECK ((state = ANY (ARRAY['draft'::text, 'active'::text, 'retired'::text])))
);
CREATE UNIQUE INDEX attribute_definitions_active ON public.attribute_definitions USING btree (account_id, attribute_id) WHERE (state = 'active'::text);
CREATE UNIQUE INDEX attribute_definitions_names ON public.attribute_definitions USING btree (account_id, subject, name) WHERE (state = 'active'::text);

create table attribute_reruns (
  account_id text not null,
  attribute_id text not null,
  version integer not null,
  state text not null,
  cursor text not null,
  rows_done integer not null,
  rows_total integer,
  problems integer not null,
  requested_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint attribute_reruns_pkey PRIMARY KEY (account_id, attribute_id),
  constraint attribute_reruns_state CHECK ((state = ANY (ARRAY['running'::text, 'finished'::text, 'stopped'::text])))
);

create table attribute_values (
  account_id text not null,
  subject text not null,
  subject_id text not null,
  attribute_id text not null,
  version integer not null,
  raw jsonb not null,
  text_value text,
  texts_value text[],
  number_value double precision,
  boolean_value boolean,
  instant_value timestamp with time zone,
  problem text,
  problem_step integer,
  constraint attribute_values_pkey PRIMARY KEY (account_id, subject, subject_id, attribute_id)
) partition by HASH (account_id, subject_id);
CREATE INDEX attribute_values_booleans ON ONLY public.attribute_values USING btree (account_id, attribute_id, boolean_value, subject_id) WHERE (boolean_value IS NOT NULL);
CREATE INDEX attribute_values_instants ON ONLY public.attribute_values USING btree (account_id, attribute_id, instant_value, subject_id) WHERE (instant_value IS NOT NULL);
CREATE INDEX attribute_values_lists ON ONLY public.attribute_values USING gin (texts_value) WHERE (texts_value IS NOT NULL);
CREATE INDEX attribute_values_numbers ON ONLY public.attribute_values USING btree (account_id, attribute_id, number_value, subject_id) WHERE (number_value IS NOT NULL);
CREATE INDEX attribute_values_texts ON ONLY public.attribute_values USING btree (account_id, attribute_id, "left"(text_value, 100), subject_id) WHERE (text_value IS NOT NULL);

create table case_lookups (
  account_id text not null,
  ticket_id text not null,
  case_id text,
  looked_at timestamp with time zone not null,
  case_number text,
  constraint case_lookups_pkey PRIMARY KEY (account_id, ticket_id)
);

create table flow_contacts (
  account_id text not null,
  last_call_at timestamp with time zone,
  last_event_at timestamp with time zone,
  paused_at timestamp with time zone,
  expected_since timestamp with time zone,
  alerted_at timestamp with time zone,
  constraint flow_contacts_pkey PRIMARY KEY (account_id)
);

create table idempotency_records (
  account_id text not null,
  operation text not null,
  key text not null,
  fingerprint text not null,
  fence bigint not null default nextval('idempotency_fence'::regclass),
  state text not null,
  lease_until timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  status integer,
  body text,
  constraint idempotency_records_pkey PRIMARY KEY (account_id, operation, key)
);
CREATE INDEX idempotency_records_expires_at ON public.idempotency_records USING btree (expires_at);

create table inbound_webhooks (
  account_id text not null,
  name text not null,
  sealed text not null,
  updated_at timestamp with time zone not null,
  constraint inbound_webhooks_pkey PRIMARY KEY (account_id, name)
);

create table known_credentials (
  account_id text not null,
  fingerprint text not null,
  seen_at timestamp with time zone not null,
  constraint known_credentials_pkey PRIMARY KEY (account_id, fingerprint)
);

create table migrations (
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (name)
);

create table owed_tickets (
  account_id text not null,
  ticket_id text not null,
  owed_since timestamp with time zone not null,
  tried_by text not null,
  constraint owed_tickets_pkey PRIMARY KEY (account_id, ticket_id)
);

create table qa_assignments (
  account_id text not null,
  ticket_id text not null,
  event_key text not null,
  event_order text collate "C" not null,
  agent_id text,
  group_id text,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  constraint qa_assignments_pkey PRIMARY KEY (account_id, ticket_id, event_key)
);
CREATE INDEX qa_assignments_latest ON public.qa_assignments USING btree (account_id, ticket_id, occurred_at DESC, event_order DESC);

create table qa_conversations (
  account_id text not null,
  ticket_id text not null,
  subject text,
  status text not null,
  channel text,
  requester_id text,
  assignee_id text,
  group_id text,
  brand_id text,
  organization_id text,
  form_id text,
  tags text[] not null,
  custom_fields jsonb not null,
  case_id text,
  created_at timestamp with time zone not null,
  source_updated_at timestamp with time zone not null,
  last_comment_id text,
  observed_at timestamp with time zone not null,
  captured_at timestamp with time zone not null,
  captures integer not null,
  message_count integer not null,
  merged_into text,
  skipped_rows integer not null default 0,
  source text not null default 'zendesk'::text,
  opened_on date not null generated always as ((date_trunc('month'::text, (created_at AT TIME ZONE 'UTC'::text)))::date) stored,
  deleted_at timestamp with time zone,
  row_updated_at timestamp with time zone not null default now(),
  row_xid xid8 not null default pg_current_xact_id(),
  messages_wanted smallint,
  constraint qa_conversations_pkey PRIMARY KEY (account_id, ticket_id)
);
CREATE INDEX qa_conversations_by_assignee ON public.qa_conversations USING btree (account_id, assignee_id, source_updated_at DESC, ticket_id DESC);
CREATE INDEX qa_conversations_by_field ON public.qa_conversations USING gin (custom_fields jsonb_path_ops);
CREATE INDEX qa_conversations_by_group ON public.qa_conversations USING btree (account_id, group_id, source_updated_at DESC, ticket_id DESC);
CREATE INDEX qa_conversations_by_requester ON public.qa_conversations USING btree (account_id, requester_id, source_updated_at DESC, ticket_id DESC);
CREATE INDEX qa_conversations_by_tag ON public.qa_conversations USING gin (tags);
CREATE INDEX qa_conversations_by_update ON public.qa_conversations USING btree (account_id, source_updated_at DESC, ticket_id DESC);
CREATE INDEX qa_conversations_changes ON public.qa_conversations USING btree (account_id, row_xid, ticket_id);
CREATE INDEX qa_conversations_hidden ON public.qa_conversations USING btree (account_id, deleted_at, ticket_id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX qa_conversations_wanted ON public.qa_conversations USING btree (account_id, messages_wanted, source_updated_at DESC, ticket_id DESC) WHERE (messages_wanted IS NOT NULL);

create table qa_deletions (
  account_id text not null,
  ticket_id text not null,
  state text not null,
  event_key text not null,
  event_order text collate "C" not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  row_xid xid8 not null default pg_current_xact_id(),
  constraint qa_deletions_pkey PRIMARY KEY (account_id, ticket_id),
  constraint qa_deletions_state CHECK ((state = ANY (ARRAY['present'::text, 'deleted'::text, 'erased'::text])))
);
CREATE INDEX qa_deletions_erased ON public.qa_deletions USING btree (account_id, row_xid, ticket_id) WHERE (state = 'erased'::text);

create table qa_events (
  account_id text not null,
  ticket_id text not null,
  occurred_at timestamp with time zone not null,
  event_key text not null,
  kind text not null,
  actor_id text,
  data jsonb not null,
  recorded_at timestamp with time zone not null,
  constraint qa_events_pkey PRIMARY KEY (account_id, ticket_id, occurred_at, event_key)
) partition by RANGE (occurred_at);

create table qa_fields (
  account_id text not null,
  field_id text not null,
  type text not null,
  title text not null,
  options jsonb not null,
  is_active boolean not null,
  removed_at timestamp with time zone,
  read_at timestamp with time zone not null,
  constraint qa_fields_pkey PRIMARY KEY (account_id, field_id)
);

create table qa_group_members (
  account_id text not null,
  group_id text not null,
  user_id text not null,
  is_default boolean not null,
  constraint qa_group_members_pkey PRIMARY KEY (account_id, group_id, user_id)
);
CREATE INDEX qa_group_members_by_user ON public.qa_group_members USING btree (account_id, user_id);

create table qa_groups (
  account_id text not null,
  group_id text not null,
  name text not null,
  removed_at timestamp with time zone,
  read_at timestamp with time zone not null,
  constraint qa_groups_pkey PRIMARY KEY (account_id, group_id)
);

create table qa_merges (
  account_id text not null,
  ticket_id text not null,
  target_ticket_id text not null,
  recorded_at timestamp with time zone not null,
  constraint qa_merges_pkey PRIMARY KEY (account_id, ticket_id)
);
CREATE INDEX qa_merges_target ON public.qa_merges USING btree (account_id, target_ticket_id);

create table qa_messages (
  account_id text not null,
  opened_on date not null,
  ticket_id text not null,
  comment_id text not null,
  kind text not null,
  author_id text,
  public boolean,
  body text not null,
  html_body text,
  channel text,
  attachments jsonb not null,
  data jsonb,
  created_at timestamp with time zone,
  "position" integer not null,
  search tsvector not null,
  constraint qa_messages_pkey PRIMARY KEY (account_id, ticket_id, comment_id, opened_on)
) partition by RANGE (opened_on);
CREATE INDEX qa_messages_by_author ON ONLY public.qa_messages USING btree (account_id, author_id, created_at);
CREATE INDEX qa_messages_search ON ONLY public.qa_messages USING gin (search);

create table qa_people (
  account_id text not null,
  user_id text not null,
  name text,
  email text,
  role text,
  updated_at timestamp with time zone not null,
  merged_into text,
  active boolean,
  suspended boolean,
  constraint qa_people_pkey PRIMARY KEY (account_id, user_id)
);

create table qa_satisfaction (
  account_id text not null,
  ticket_id text not null,
  response_id text not null,
  kind text not null,
  score text,
  rating integer,
  comment text,
  reason text,
  requester_id text,
  event_order text not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  constraint qa_satisfaction_pkey PRIMARY KEY (account_id, ticket_id, response_id)
);

create table refused_credentials (
  account_id text not null,
  fingerprint text not null,
  kind text not null,
  calls bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint refused_credentials_pkey PRIMARY KEY (account_id, fingerprint, kind)
);

create table sealed_tokens (
  account_id text not null,
  provider text not null,
  sealed text not null,
  updated_at timestamp with time zone not null,
  constraint sealed_tokens_pkey PRIMARY KEY (account_id, provider)
);

create table settings_history (
  account_id text not null,
  serial bigint not null generated always as identity,
  revision integer not null,
  document jsonb not null,
  fingerprint text not null,
  applied_at timestamp with time zone not null,
  constraint settings_history_pkey PRIMARY KEY (account_id, serial)
);

create table sweep_findings (
  account_id text not null,
  sweep_id text not null,
  ticket_id text not null,
  what text not null,
  kind text not null,
  repaired boolean not null,
  constraint sweep_findings_pkey PRIMARY KEY (account_id, sweep_id, ticket_id, what)
);

create table sweeps (
  account_id text not null,
  id text not null,
  serial bigint not null generated always as identity,
  reason text not null,
  dry_run boolean not null,
  since timestamp with time zone not null,
  state text not null,
  requested_at timestamp with time zone not null,
  begun_at timestamp with time zone,
  finished_at timestamp with time zone,
  cursor text,
  tickets_looked_at integer not null,
  message text,
  page_size integer,
  tickets_left_alone integer not null default 0,
  waits_until timestamp with time zone,
  until timestamp with time zone,
  load_id text,
  expected_tickets integer,
  constraint sweeps_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX sweeps_newest ON public.sweeps USING btree (account_id, serial DESC);

create table test_events (
  account_id text not null,
  id text not null,
  asked_at timestamp with time zone not null,
  problem text,
  arrived_at timestamp with time zone,
  outcome text,
  failed boolean,
  constraint test_events_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX test_events_newest ON public.test_events USING btree (account_id, asked_at DESC);

create table token_renewals (
  account_id text not null,
  provider text not null,
  credential text not null,
  began_at timestamp with time zone not null,
  constraint token_renewals_pkey PRIMARY KEY (account_id, provider)
);

create table webhook_receipts (
  account_id text not null,
  receipt text not null,
  taken_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  constraint webhook_receipts_pkey PRIMARY KEY (account_id, receipt)
);
CREATE INDEX webhook_receipts_expires_at ON public.webhook_receipts USING btree (expires_at);

create table attribute_values_00 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 0);
create table attribute_values_01 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 1);
create table attribute_values_02 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 2);
create table attribute_values_03 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 3);
create table attribute_values_04 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 4);
create table attribute_values_05 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 5);
create table attribute_values_06 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 6);
create table attribute_values_07 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 7);
create table attribute_values_08 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 8);
create table attribute_values_09 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 9);
create table attribute_values_10 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 10);
create table attribute_values_11 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 11);
create table attribute_values_12 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 12);
create table attribute_values_13 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 13);
create table attribute_values_14 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 14);
create table attribute_values_15 partition of attribute_values FOR VALUES WITH (modulus 16, remainder 15);
create table qa_events_after partition of qa_events FOR VALUES FROM ('2100-01-01 00:00:00+00') TO (MAXVALUE);
create table qa_events_before partition of qa_events FOR VALUES FROM (MINVALUE) TO ('2007-01-01 00:00:00+00');
create table qa_messages_after partition of qa_messages FOR VALUES FROM ('2100-01-01') TO (MAXVALUE);
create table qa_messages_before partition of qa_messages FOR VALUES FROM (MINVALUE) TO ('2007-01-01');

alter table sweep_findings add constraint sweep_findings_account_id_sweep_id_fkey FOREIGN KEY (account_id, sweep_id) REFERENCES sweeps(account_id, id) ON DELETE CASCADE;
