-- What a backlog of any size needs to be worked off without being read again and again.

-- The newest packet sent to this lane that was known when it was cleared last: one that is newer is not lost while watching gets nearer.
alter table lanes add column cleared_to numeric(20);

-- In the order in which they are taken up, with all that it takes to find one that is due, and to count them.
drop index deliveries_open;
create index deliveries_open on deliveries (lane, attempts, min_height, id) include (status, next_attempt_at, leg, watched_at)
  where status not in ('delivered', 'obsolete');

-- Its time was over when the destination's clock was looked at, and what follows from that was written down: looked at once. A timeout
-- that is not in the table all the same is found by clearing.
alter table packets add column expired boolean not null default false;
drop index packets_timeout;
create index packets_timeout on packets (destination_chain, timeout_timestamp) where pending and not expired;
