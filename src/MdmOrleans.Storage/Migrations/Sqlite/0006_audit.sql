-- Who changed what: a hash chain for each tenant, and one for the installation, whose tenant is ''. Rows are never updated.
CREATE TABLE audit_records (
    tenant TEXT    NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    at     INTEGER NOT NULL, -- never before that of the record before it
    actor  TEXT    NOT NULL,
    action TEXT    NOT NULL,
    target TEXT    NOT NULL,
    result TEXT    NOT NULL,
    intent INTEGER,          -- the record whose outcome this one tells
    body   BLOB    NOT NULL, -- UTF-8 JSON
    hash   BLOB    NOT NULL,
    PRIMARY KEY (tenant, number)
);

-- One outcome for each announced change; and what was announced, to find what has none.
CREATE UNIQUE INDEX audit_records_outcomes ON audit_records (tenant, intent) WHERE intent IS NOT NULL;
CREATE INDEX audit_records_intents ON audit_records (at) WHERE result = 'intended';

-- What is left of a deleted device: its last event, with the head of its chain.
CREATE TABLE device_tombstones (
    tenant     TEXT    NOT NULL,
    device     TEXT    NOT NULL,
    deleted_at INTEGER NOT NULL,
    shard      INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    hash       BLOB    NOT NULL,
    body       BLOB    NOT NULL, -- UTF-8 JSON, the event deviceDeleted
    PRIMARY KEY (tenant, device, deleted_at)
) WITHOUT ROWID;

-- Where its chain ended on each day on which it grew, so that anchors from before the deletion can still be proved.
CREATE TABLE device_tombstone_heads (
    tenant      TEXT    NOT NULL,
    device      TEXT    NOT NULL,
    deleted_at  INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    hash        TEXT    NOT NULL, -- Base64, as in the events
    PRIMARY KEY (tenant, device, deleted_at, number)
) WITHOUT ROWID;

-- Where all chains of a tenant ended at an instant, sealed with a key that is not in this database.
CREATE TABLE chain_anchors (
    tenant TEXT    NOT NULL, -- '': the installation's
    at     INTEGER NOT NULL,
    body   BLOB    NOT NULL, -- UTF-8 JSON
    PRIMARY KEY (tenant, at)
) WITHOUT ROWID;
