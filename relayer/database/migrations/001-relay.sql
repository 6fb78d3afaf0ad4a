-- The relayer's own memory: what was seen, what has to be delivered, and what was sent. numeric(20) holds any uint64.

-- How far each chain was read; moves together with what was read.
create table cursors (
  chain text primary key,
  height numeric(20) not null,
  hash text not null,
  -- Unix seconds of that height.
  timestamp numeric(20),
  updated_at timestamptz not null default now()
);

-- The height ledger: every height up to the cursor is in exactly one range.
create table height_ranges (
  chain text not null,
  from_height numeric(20) not null,
  to_height numeric(20) not null check (to_height >= from_height),
  kind text not null check (kind in ('indexed', 'gap')),
  why text,
  primary key (chain, from_height)
);

create table packets (
  id bigint generated always as identity primary key,
  source_chain text not null,
  source_client text not null,
  sequence numeric(20) not null,
  destination_chain text not null,
  destination_client text not null,
  -- What is in the packet: null until the event of its sending was read, which may be after those that only name it.
  -- Unix seconds on the destination's clock.
  timeout_timestamp numeric(20),
  -- Canonical packet bytes (protobuf).
  bytes bytea,
  check ((bytes is null) = (timeout_timestamp is null)),
  acknowledgements bytea[],
  -- Neither acknowledged nor timed out yet.
  pending boolean not null default true,
  created_at timestamptz not null default now(),
  unique (source_chain, source_client, sequence)
);
create index packets_timeout on packets (destination_chain, timeout_timestamp) where pending;

-- What the chains said about a packet, once each.
create table packet_events (
  packet_id bigint not null references packets,
  kind text not null check (kind in ('sent', 'received', 'acknowledgementWritten', 'acknowledged', 'timedOut')),
  chain text not null,
  height numeric(20) not null,
  timestamp numeric(20) not null,
  transaction text not null,
  seen_at timestamptz not null default now(),
  primary key (packet_id, kind)
);

-- One direction of a route: evidence about `source_chain` for the light client `client_id` on `target_chain`.
create table lanes (
  id text primary key,
  source_chain text not null,
  source_client text not null,
  target_chain text not null,
  client_id text not null,
  -- Failures in a row; while above zero, messages are tried one at a time.
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  error_code text,
  error text,
  -- What the light client trusted when it was last read.
  client_status text,
  client_height numeric(20),
  client_timestamp numeric(20),
  client_expires_at numeric(20),
  client_read_at timestamptz,
  refresh_due boolean not null default false,
  unique (target_chain, client_id)
);

create table batches (
  id text primary key,
  lane text not null references lanes,
  status text not null check (status in ('queued', 'verifying', 'submitting', 'logging', 'logged', 'refused', 'abandoned')),
  -- Canonical evidence, dropped once the batch is closed: the proof log keeps it by hash.
  envelope bytea,
  envelope_sha256 text not null,
  verdict jsonb,
  result jsonb,
  transaction text,
  error_code text,
  error text,
  created_at timestamptz not null default now(),
  closed_at timestamptz
);
-- A lane has at most one batch on its way: the next one is proven from what this one leaves trusted.
create unique index batches_open on batches (lane) where status in ('queued', 'verifying', 'submitting', 'logging');

-- One packet and one leg of its way.
create table deliveries (
  id bigint generated always as identity primary key,
  packet_id bigint not null references packets,
  leg text not null check (leg in ('receive', 'acknowledge', 'timeout')),
  lane text not null references lanes,
  status text not null default 'watched'
    check (status in ('watched', 'proving', 'queued', 'verifying', 'submitting', 'logging', 'delivered', 'obsolete')),
  -- Height of the lane's source that the proof must reach.
  min_height numeric(20) not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  -- Waiting for the source's finality to reach this height.
  wait_height numeric(20),
  error_code text,
  error text,
  batch_id text references batches,
  transaction text,
  watched_at timestamptz not null default now(),
  proving_at timestamptz,
  queued_at timestamptz,
  verifying_at timestamptz,
  submitting_at timestamptz,
  logging_at timestamptz,
  closed_at timestamptz,
  unique (packet_id, leg)
);
create index deliveries_open on deliveries (lane, attempts, min_height) where status not in ('delivered', 'obsolete');
create index deliveries_batch on deliveries (batch_id);

-- messages[position] of a batch.
create table batch_messages (
  batch_id text not null references batches,
  position integer not null,
  delivery_id bigint not null references deliveries,
  primary key (batch_id, position)
);

-- The next nonce of each (chain, signer).
create table nonce_lanes (
  chain text not null,
  signer text not null,
  next_nonce numeric(20) not null,
  primary key (chain, signer)
);

-- Signed transactions, recorded before they are broadcast.
create table transactions (
  position bigint generated always as identity primary key,
  chain text not null,
  signer text not null,
  batch_id text not null,
  nonce numeric(20) not null,
  raw bytea not null,
  id text not null,
  fee jsonb not null,
  created_at bigint not null,
  settled boolean not null default false,
  unique (chain, id)
);
create index transactions_unsettled on transactions (chain, signer, nonce) where not settled;
create index transactions_batch on transactions (chain, batch_id);
