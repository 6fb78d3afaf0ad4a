-- A lane may have several batches under way: one after the other is proven and judged, and then they wait for their blocks together.
drop index batches_open;
create unique index batches_proving on batches (lane) where status = 'proving';
create index batches_open on batches (lane) where status in ('proving', 'queued', 'verifying', 'submitting', 'logging');
