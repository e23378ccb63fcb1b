-- One row per device. Only the store of devices writes here, on behalf of the device's grain.
-- What changes with most writes stands together and before the blocks that seldom do: PostgreSQL logs only what lies between
-- the first and the last byte that differ. The typed columns are for searching; the twin is read from state and the blocks.
CREATE TABLE devices (
    tenant         text        COLLATE "C" NOT NULL,
    device         text        COLLATE "C" NOT NULL,
    shard          smallint    NOT NULL, -- stable hash of the identity, 0 to 255, fixed for ever: the table can be split by it
    epoch          integer     NOT NULL,
    lifecycle      text        NOT NULL,
    compliance     text        NOT NULL,
    access         text        NOT NULL,
    platform       text,
    os_version     text,
    serial         text,
    policy         text,
    policy_version integer,
    created_at     timestamptz NOT NULL,
    next_due_at    timestamptz,
    checked_in_at  timestamptz,
    seen_at        timestamptz, -- as of the last write of this row; device_seen may know better
    version        bigint      NOT NULL CHECK (version > 0),
    state          bytea       NOT NULL, -- see TwinCodec
    labels         jsonb       NOT NULL,
    attributes     json,                 -- as the device sent it, to the byte: jsonb would change it, and refuse \u0000
    apps           bytea,                -- UTF-8 JSON, as the device sent it
    PRIMARY KEY (tenant, device)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.2);

-- Out of the row as soon as the row is wide, so that an update does not carry them along.
ALTER TABLE devices ALTER COLUMN apps SET STORAGE EXTERNAL;

-- What is due, shard by shard.
CREATE INDEX devices_due ON devices (shard, next_due_at) WHERE next_due_at IS NOT NULL;

-- The filters of the list. Partial, on what few devices are: an update that changes none of these columns touches none of them.
CREATE INDEX devices_not_active ON devices (tenant, lifecycle, device) WHERE lifecycle <> 'Active';
CREATE INDEX devices_not_compliant ON devices (tenant, compliance, device) WHERE compliance <> 'compliant';
CREATE INDEX devices_not_allowed ON devices (tenant, access, device) WHERE access <> 'allow';
CREATE INDEX devices_serial ON devices (tenant, serial) WHERE serial IS NOT NULL;
CREATE INDEX devices_labels ON devices USING gin (labels) WHERE labels <> '{}';

-- When a device was last heard of, for check-ins that change nothing else. Written behind, coalesced, without a version check.
CREATE TABLE device_seen (
    tenant       text        COLLATE "C" NOT NULL,
    device       text        COLLATE "C" NOT NULL,
    seen_at      timestamptz NOT NULL,
    check_in_at  timestamptz,
    device_clock timestamptz,
    seq          bigint,
    boot         text,
    PRIMARY KEY (tenant, device)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- The history. Rows are never updated. Positions become visible out of order, since a transaction that started earlier may
-- commit later; so a reader of a tenant's events goes in the order (written_by, position) and reads only rows with
-- written_by < pg_snapshot_xmin(pg_current_snapshot()): its cursor never passes a write that is still under way.
CREATE SEQUENCE device_events_position CACHE 128;

CREATE TABLE device_events (
    tenant      text        COLLATE "C" NOT NULL,
    device      text        COLLATE "C" NOT NULL,
    number      bigint      NOT NULL CHECK (number > 0),
    recorded_at timestamptz NOT NULL,
    position    bigint      NOT NULL DEFAULT nextval('device_events_position'),
    written_by  xid8        NOT NULL DEFAULT pg_current_xact_id(),
    body        bytea       NOT NULL, -- UTF-8 JSON; convert_from(body, 'UTF8')::json
    PRIMARY KEY (tenant, device, number, recorded_at)
) PARTITION BY RANGE (recorded_at);

ALTER SEQUENCE device_events_position OWNED BY device_events.position;
CREATE INDEX device_events_of_tenant ON device_events (tenant, written_by, position);

-- Holds what no month was made for. Empty in a healthy system.
CREATE TABLE device_events_other PARTITION OF device_events DEFAULT;
