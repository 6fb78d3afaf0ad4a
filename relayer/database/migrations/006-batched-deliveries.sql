-- What happens to all messages of a batch is written once, on the batch: its deliveries are taken up and closed, and no more. The feed
-- of changes tells of many packets in one row, and the figures are counted without comparing every row with every other.

drop trigger packet_added on packets;
drop trigger packet_changed on packets;
drop trigger deliveries_added on deliveries;
drop trigger deliveries_changed on deliveries;
drop function packet_changed, deliveries_added, deliveries_changed, note_packet;

-- A batch is there from the moment that its proof is asked for, and has the times at which its stages were entered last.
alter table batches drop constraint batches_status_check;
alter table batches add constraint batches_status_check
  check (status in ('proving', 'queued', 'verifying', 'submitting', 'logging', 'logged', 'refused', 'abandoned'));
alter table batches rename column created_at to proving_at;
alter table batches alter column envelope_sha256 drop not null;
alter table batches
  -- deliveries[i] is messages[i].
  add column deliveries bigint[] not null default '{}',
  add column queued_at timestamptz,
  add column verifying_at timestamptz,
  add column submitting_at timestamptz,
  add column logging_at timestamptz,
  drop column verdict;

update batches b set queued_at = proving_at;
update batches b set deliveries = m.ids
from (select batch_id, array_agg(delivery_id order by position) as ids from batch_messages group by batch_id) m where m.batch_id = b.id;
update batches b set proving_at = least(b.proving_at, d.proving), verifying_at = d.verifying, submitting_at = d.submitting,
  logging_at = d.logging
from (select batch_id, min(proving_at) as proving, max(verifying_at) as verifying, max(submitting_at) as submitting,
    max(logging_at) as logging from deliveries where batch_id is not null group by batch_id) d
where d.batch_id = b.id;
drop table batch_messages;
drop index batches_open;
create unique index batches_open on batches (lane) where status in ('proving', 'queued', 'verifying', 'submitting', 'logging');

-- While batched, a delivery's stage is its batch's. Back at `watched`, its batch is the one that it was in last.
alter table deliveries drop constraint deliveries_status_check;
update deliveries set status = case status when 'proving' then 'watched' else 'batched' end
where status in ('proving', 'queued', 'verifying', 'submitting', 'logging');
alter table deliveries add constraint deliveries_status_check check (status in ('watched', 'batched', 'delivered', 'obsolete'));
alter table deliveries
  drop column proving_at,
  drop column queued_at,
  drop column verifying_at,
  drop column submitting_at,
  drop column logging_at;
drop index deliveries_batch;
-- A batch that could not be proven is deleted, and its deliveries may still name it.
alter table deliveries drop constraint deliveries_batch_id_fkey;
drop index deliveries_open;
-- In the order in which they are taken up.
create index deliveries_open on deliveries (lane, attempts, min_height, id) where status not in ('delivered', 'obsolete');
create index deliveries_waiting on deliveries (lane, wait_height) where wait_height is not null;

-- How many messages one transaction of the lane's target carries, as far as that is known; null while nothing had to be left.
alter table lanes add column most_messages integer;

-- A change is about a lane, or about packets: by their rows, in one change for all that had the same happen to them at once. What is
-- there was written in the old form: whoever listens asks for everything anew.
alter table changes_pruned rename column position to number;
update changes_pruned set transaction = pg_current_xact_id(), number = 0;
truncate changes;
alter table changes
  alter column id drop not null,
  add column packets bigint[],
  drop column lanes,
  add check ((kind = 'packet') = (packets is not null) and (kind = 'lane') = (id is not null));

create function note_packets(packets bigint[], what text) returns void language sql as $$
  -- In parts that a reader can take in at once.
  insert into changes (kind, what, packets)
  select 'packet', $2, array_agg(id order by place) from unnest($1) with ordinality as p (id, place)
  group by (place - 1) / 1000 order by (place - 1) / 1000
$$;

create function packets_added() returns trigger language plpgsql as $$
begin
  perform note_packets(array_agg(id order by id), status) from added group by status;
  return null;
end $$;
create trigger packets_added after insert on packets referencing new table as added
  for each statement execute function packets_added();

-- What differs is found by `except`, which is linear: a join of the rows before with those after is planned as a loop in a loop.
create function packets_changed() returns trigger language plpgsql as $$
begin
  perform note_packets(array_agg(id order by id), status)
  from (select id, status, message_id from after except select id, status, message_id from before) changed group by status;
  return null;
end $$;
create trigger packets_changed after update on packets referencing old table as before new table as after
  for each statement execute function packets_changed();

create function deliveries_added() returns trigger language plpgsql as $$
begin
  perform note_packets(array_agg(packet_id order by id), status) from added group by status;
  perform count_delivered(lane, count(*)) from added where status = 'delivered' group by lane order by lane;
  return null;
end $$;
create trigger deliveries_added after insert on deliveries referencing new table as added
  for each statement execute function deliveries_added();

-- That they are batched is told by their batch.
create function deliveries_changed() returns trigger language plpgsql as $$
begin
  perform note_packets(array_agg(packet_id order by id), what) from (
    select id, packet_id, case when status = 'watched' and error_code <> 'NOT_FINAL_YET' then 'held' else status end as what
    from (select id, packet_id, status, error_code from after where status <> 'batched'
      except select id, packet_id, status, error_code from before) changed) told group by what;

  if not exists (select from after where status = 'delivered') and not exists (select from before where status = 'delivered') then
    return null;
  end if;
  perform count_delivered(lane, sum(more)) from (
    select lane, 1 as more from after where status = 'delivered' union all select lane, -1 from before where status = 'delivered') d
  group by lane having sum(more) <> 0 order by lane;

  insert into lane_latencies as l (lane, step, at, bucket, delivered)
  select lane, step, step_of(closed_at, step), latency_bucket(closed_at - watched_at), count(*)
  from (select id, lane, closed_at, watched_at from after where status = 'delivered'
      except select id, lane, closed_at, watched_at from before where status = 'delivered') d,
    unnest(array[300, 3600, 86400]) as step
  group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (lane, step, at, bucket) do update set delivered = l.delivered + excluded.delivered;
  return null;
end $$;
create trigger deliveries_changed after update on deliveries referencing old table as before new table as after
  for each statement execute function deliveries_changed();

create function batch_moved() returns trigger language plpgsql as $$
begin
  perform note_packets(array(select d.packet_id from unnest(new.deliveries) as m (id) join deliveries d using (id)), new.status);
  return null;
end $$;
create trigger batch_begun after insert on batches for each row execute function batch_moved();
create trigger batch_moved after update on batches for each row
  when (new.status <> old.status and new.status in ('queued', 'verifying', 'submitting', 'logging'))
  execute function batch_moved();
