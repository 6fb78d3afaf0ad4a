-- What waited in each lane, noted every minute, for a month.
create table lane_backlogs (
  lane text not null references lanes,
  -- Unix seconds, a multiple of 60.
  at bigint not null,
  backlog integer not null,
  -- How long the oldest had waited; null when nothing did.
  oldest_seconds float8,
  primary key (lane, at)
);
create index lane_backlogs_at on lane_backlogs (at);
