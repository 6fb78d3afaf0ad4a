-- What people ask for: packets by anything that names them, lanes in figures and paused by operators, and a feed of changes.

alter table packets
  add column status text not null default 'sent' check (status in ('sent', 'received', 'acknowledged', 'timedOut')),
  -- 64 hexadecimal digits; null until what is in the packet is known.
  add column message_id text;

update packets p set status = k.status from (
  select packet_id, case when bool_or(kind = 'acknowledged') then 'acknowledged' when bool_or(kind = 'timedOut') then 'timedOut'
    when bool_or(kind in ('received', 'acknowledgementWritten')) then 'received' else 'sent' end as status
  from packet_events group by packet_id) k
where k.packet_id = p.id and k.status <> 'sent';

create index packets_newest on packets (created_at, id);
create index packets_status on packets (status, created_at, id);
create index packets_source on packets (source_chain, created_at, id);
create index packets_source_client on packets (source_chain, source_client, created_at, id);
create index packets_destination on packets (destination_chain, created_at, id);
create index packets_destination_client on packets (destination_chain, destination_client, created_at, id);
create index packets_message_id on packets (message_id);
create index packets_unnamed on packets (id) where message_id is null and bytes is not null;
create index packet_events_transaction on packet_events (transaction);

-- Senders and receivers of standard payloads, in lower case.
create table packet_accounts (
  packet_id bigint not null references packets,
  account text not null,
  primary key (packet_id, account)
);
create index packet_accounts_account on packet_accounts (account, packet_id);

-- An open delivery that waits for more than time; waiting for finality is the way of things.
create index deliveries_held on deliveries (packet_id)
  where status not in ('delivered', 'obsolete') and error_code is not null and error_code <> 'NOT_FINAL_YET';
create index deliveries_delivered on deliveries (lane, closed_at) where status = 'delivered';
create index batches_logged on batches (lane, closed_at) where status = 'logged';
create index batches_transaction on batches (transaction);

-- An operator paused it: nothing new is proven or signed for it.
alter table lanes
  add column paused_at timestamptz,
  add column paused_by text,
  add column paused_because text,
  -- An operator wants it cleared at once.
  add column clear_due boolean not null default false;

-- Lanes in figures, kept with every change so that nobody has to count.
create table lane_totals (
  lane text primary key references lanes,
  delivered bigint not null
);

-- How long deliveries took, from what called for one to its inclusion, by when they ended; each counts once for every step.
create table lane_latencies (
  lane text not null references lanes,
  -- Seconds: five minutes, an hour, a day.
  step integer not null,
  -- Unix seconds, a multiple of the step.
  at bigint not null,
  -- From 0.1 · 2^(bucket/4) seconds up.
  bucket smallint not null,
  delivered integer not null,
  primary key (lane, step, at, bucket)
);

create table lane_fees (
  lane text not null references lanes,
  at bigint not null,
  fee numeric not null,
  primary key (lane, at)
);

create function step_of(closed timestamptz, step integer) returns bigint language sql immutable as
  $$ select floor(extract(epoch from closed) / step)::bigint * step $$;

create function latency_bucket(took interval) returns smallint language sql immutable as
  $$ select least(floor(4 * log(2, greatest(extract(epoch from took), 0.1) / 0.1)), 120)::smallint $$;

insert into lane_totals (lane, delivered) select lane, count(*) from deliveries where status = 'delivered' group by lane;
insert into lane_latencies (lane, step, at, bucket, delivered)
  select lane, step, step_of(closed_at, step), latency_bucket(closed_at - watched_at), count(*)
  from deliveries, unnest(array[300, 3600, 86400]) as step where status = 'delivered' group by 1, 2, 3, 4;
insert into lane_fees (lane, at, fee)
  select lane, step_of(closed_at, 300), sum((result -> 'transaction' ->> 'fee')::numeric) from batches
  where status = 'logged' and result -> 'transaction' ->> 'fee' is not null group by 1, 2;

-- The feed. Whoever changes the tables above, in whatever process, the change is told in the same transaction.
create table changes (
  position bigint generated always as identity primary key,
  -- Transactions end in another order than their positions were given. Below the oldest that is still running none will be added.
  transaction xid8 not null default pg_current_xact_id(),
  kind text not null check (kind in ('packet', 'lane')),
  id text not null,
  what text not null,
  -- Of a packet, at both of its ends.
  lanes text[] not null default '{}',
  at timestamptz not null default now()
);
create index changes_order on changes (transaction, position);
create index changes_at on changes (at);

-- The newest that was forgotten.
create table changes_pruned (
  singleton boolean primary key default true check (singleton),
  transaction xid8 not null,
  position bigint not null
);
insert into changes_pruned (transaction, position) values ('0', 0);

create function tell_changes() returns trigger language plpgsql as $$
begin
  perform pg_notify('causeway_changes', '');
  return null;
end $$;
create trigger tell_changes after insert on changes for each statement execute function tell_changes();

create function note_packet(packet packets, what text) returns void language sql as $$
  insert into changes (kind, id, what, lanes)
  values ('packet', packet.source_chain || '/' || packet.source_client || '/' || packet.sequence, what,
    array[packet.source_chain || '/' || packet.source_client, packet.destination_chain || '/' || packet.destination_client])
$$;

create function packet_changed() returns trigger language plpgsql as $$
begin
  perform note_packet(new, new.status);
  return null;
end $$;
create trigger packet_added after insert on packets for each row execute function packet_changed();
create trigger packet_changed after update on packets for each row
  when (new.status is distinct from old.status or new.message_id is distinct from old.message_id) execute function packet_changed();

create function count_delivered(lane text, more bigint) returns void language sql as $$
  insert into lane_totals as t (lane, delivered) values (lane, more)
  on conflict on constraint lane_totals_pkey do update set delivered = t.delivered + excluded.delivered
$$;

create function deliveries_added() returns trigger language plpgsql as $$
begin
  perform note_packet(p, n.status) from added n join packets p on p.id = n.packet_id order by n.id;
  perform count_delivered(lane, count(*)) from added where status = 'delivered' group by lane order by lane;
  return null;
end $$;
create trigger deliveries_added after insert on deliveries referencing new table as added
  for each statement execute function deliveries_added();

create function deliveries_changed() returns trigger language plpgsql as $$
begin
  perform note_packet(p, case when n.status = 'watched' and n.error_code <> 'NOT_FINAL_YET' then 'held' else n.status end)
  from after n join before o on o.id = n.id join packets p on p.id = n.packet_id
  where n.status is distinct from o.status or n.error_code is distinct from o.error_code order by n.id;

  perform count_delivered(n.lane, sum(case n.status when 'delivered' then 1 else -1 end))
  from after n join before o on o.id = n.id
  where (n.status = 'delivered') <> (o.status = 'delivered') group by n.lane order by n.lane;

  insert into lane_latencies as l (lane, step, at, bucket, delivered)
  select n.lane, step, step_of(n.closed_at, step), latency_bucket(n.closed_at - n.watched_at), count(*)
  from after n join before o on o.id = n.id, unnest(array[300, 3600, 86400]) as step
  where n.status = 'delivered' and o.status <> 'delivered' group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (lane, step, at, bucket) do update set delivered = l.delivered + excluded.delivered;
  return null;
end $$;
create trigger deliveries_changed after update on deliveries referencing old table as before new table as after
  for each statement execute function deliveries_changed();

create function batch_logged() returns trigger language plpgsql as $$
begin
  insert into changes (kind, id, what) values ('lane', new.lane, 'delivered');
  insert into lane_fees as l (lane, at, fee)
  select new.lane, step_of(new.closed_at, 300), (new.result -> 'transaction' ->> 'fee')::numeric
  where new.result -> 'transaction' ->> 'fee' is not null
  on conflict (lane, at) do update set fee = l.fee + excluded.fee;
  return null;
end $$;
create trigger batch_logged after update on batches for each row
  when (new.status = 'logged' and old.status <> 'logged') execute function batch_logged();

create function lane_changed() returns trigger language plpgsql as $$
begin
  insert into changes (kind, id, what) values ('lane', new.id, case
    when new.paused_at is distinct from old.paused_at then case when new.paused_at is null then 'resumed' else 'paused' end
    when new.error_code is distinct from old.error_code then case when new.error_code is null then 'working' else 'held' end
    else 'client' end);
  return null;
end $$;
create trigger lane_changed after update on lanes for each row
  when ((new.paused_at, new.error_code, new.client_status, new.client_height)
    is distinct from (old.paused_at, old.error_code, old.client_status, old.client_height))
  execute function lane_changed();

create function contradiction_changed() returns trigger language plpgsql as $$
begin
  insert into changes (kind, id, what)
  values ('lane', new.lane, case when new.resumed_at is null then 'stopped' else 'resumed' end);
  return null;
end $$;
create trigger contradiction_changed after insert or update on contradictions for each row execute function contradiction_changed();
