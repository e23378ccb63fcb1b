-- Who changed what: a hash chain for each tenant, and one for the installation, whose tenant is ''. Rows are never updated. A number is
-- taken under an advisory lock of its chain; the primary key is the fence should two writers ever pass it at once.
CREATE TABLE audit_records (
    tenant text        COLLATE "C" NOT NULL,
    number bigint      NOT NULL CHECK (number > 0),
    at     timestamptz NOT NULL, -- never before that of the record before it
    actor  text        COLLATE "C" NOT NULL,
    action text        COLLATE "C" NOT NULL,
    target text        COLLATE "C" NOT NULL,
    result text        COLLATE "C" NOT NULL,
    intent bigint,               -- the record whose outcome this one tells
    body   bytea       NOT NULL, -- UTF-8 JSON; convert_from(body, 'UTF8')::json
    hash   bytea       NOT NULL,
    PRIMARY KEY (tenant, number)
);

-- One outcome for each announced change; and what was announced, to find what has none.
CREATE UNIQUE INDEX audit_records_outcomes ON audit_records (tenant, intent) WHERE intent IS NOT NULL;
CREATE INDEX audit_records_intents ON audit_records (at) WHERE result = 'intended';

-- What is left of a deleted device: its last event, with the head of its chain.
CREATE TABLE device_tombstones (
    tenant     text        COLLATE "C" NOT NULL,
    device     text        COLLATE "C" NOT NULL,
    deleted_at timestamptz NOT NULL,
    shard      smallint    NOT NULL,
    actor      text        NOT NULL,
    number     bigint      NOT NULL,
    hash       bytea       NOT NULL,
    body       bytea       NOT NULL, -- UTF-8 JSON, the event deviceDeleted
    PRIMARY KEY (tenant, device, deleted_at)
);

-- Where its chain ended on each day on which it grew, so that anchors from before the deletion can still be proved.
CREATE TABLE device_tombstone_heads (
    tenant      text        COLLATE "C" NOT NULL,
    device      text        COLLATE "C" NOT NULL,
    deleted_at  timestamptz NOT NULL,
    number      bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,
    hash        text        NOT NULL, -- Base64, as in the events
    PRIMARY KEY (tenant, device, deleted_at, number)
);

-- Where all chains of a tenant ended at an instant, sealed with a key that is not in this database.
CREATE TABLE chain_anchors (
    tenant text        COLLATE "C" NOT NULL, -- '': the installation's
    at     timestamptz NOT NULL,
    body   bytea       NOT NULL, -- UTF-8 JSON
    PRIMARY KEY (tenant, at)
);
