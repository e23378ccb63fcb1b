-- The instant that a server has stored last as certain: a clock that stands before it when a server starts has been set back.
CREATE TABLE clock_mark (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
);
