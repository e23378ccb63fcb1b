-- The kind of an event as a column: readers that follow a few kinds must not read every body to find them.
ALTER TABLE device_events ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT '';
UPDATE device_events SET kind = convert_from(body, 'UTF8')::json ->> 'kind';

-- Access is followed continually, and changes seldom: the index has a row for each change and costs the other events nothing.
CREATE INDEX device_events_access ON device_events (tenant, written_by, position) WHERE kind = 'accessChanged';

-- What is left of a history whose oldest part was dropped: the last event of each kind. The newest of them is the anchor of the
-- chain. Written before a month is dropped; from then on the history begins behind the anchor.
CREATE TABLE device_event_anchors (
    tenant text   COLLATE "C" NOT NULL,
    device text   COLLATE "C" NOT NULL,
    kind   text   COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    body   bytea  NOT NULL,
    PRIMARY KEY (tenant, device, kind)
);

-- The last event of each tenant that was dropped: a cursor before it has lost events.
CREATE TABLE event_floors (
    tenant     text   COLLATE "C" NOT NULL PRIMARY KEY,
    written_by xid8   NOT NULL,
    position   bigint NOT NULL
);
