-- Light clients that believe what their chains, by this relayer's own endpoints, did not finalize.

create table contradictions (
  id bigint generated always as identity primary key,
  lane text not null references lanes,
  -- Of the lane's source; the first that was found.
  height numeric(20) not null,
  what text not null,
  -- proven by finality that we verified, or told by every endpoint that answered
  basis text not null check (basis in ('proven', 'told')),
  found_at timestamptz not null default now(),
  -- Whether the newest comparison still found it, or another one.
  stands boolean not null default true,
  -- frozen: by our report, whose transaction it is, or by somebody else's
  report text not null default 'wanted' check (report in ('wanted', 'frozen')),
  transaction text,
  -- SHA-256 of the report that was last judged good, kept in the proof log; set before anything is signed.
  report_sha256 text,
  -- Why there is no report yet, and when the next attempt is due.
  report_error text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  -- An operator said that the lane may go on.
  resumed_at timestamptz,
  resumed_because text
);
-- While it is there the lane stands still.
create unique index contradictions_open on contradictions (lane) where resumed_at is null;

alter table lanes
  add column compared_at timestamptz,
  -- SHA-256 of the trusted state in which nothing contradicts, in hexadecimal.
  add column agreed_state text,
  -- Heights that could not be compared: [{height, because, why}].
  add column uncompared jsonb not null default '[]';
