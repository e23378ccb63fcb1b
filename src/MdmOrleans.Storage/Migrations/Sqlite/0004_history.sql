-- The kind of an event as a column: readers that follow a few kinds must not read every body to find them.
ALTER TABLE device_events ADD COLUMN kind TEXT NOT NULL DEFAULT '';
UPDATE device_events SET kind = json_extract(CAST(body AS TEXT), '$.kind');

-- Access is followed continually, and changes seldom: the index has a row for each change and costs the other events nothing.
CREATE INDEX device_events_access ON device_events (tenant, position) WHERE kind = 'accessChanged';

-- What is left of a history whose oldest part was deleted: the last event of each kind. The newest of them is the anchor of the
-- chain; the history begins behind it.
CREATE TABLE device_event_anchors (
    tenant TEXT    NOT NULL,
    device TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    number INTEGER NOT NULL,
    body   BLOB    NOT NULL, -- UTF-8 JSON
    PRIMARY KEY (tenant, device, kind)
) WITHOUT ROWID;

-- The last event of each tenant that was deleted: a cursor before it has lost events.
CREATE TABLE event_floors (
    tenant   TEXT    NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL
) WITHOUT ROWID;
