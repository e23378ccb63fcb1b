-- Transactions are numbered by the cluster, not by the database. After pg_dump and a restore elsewhere, the next transaction may
-- have a lower number than those that wrote the history. So written_by is the number in this cluster plus 'ahead', and 'ahead' is
-- chosen anew in every cluster that the database comes to. The default of written_by has the same number in it.
CREATE TABLE event_clock (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    cluster  bigint  NOT NULL, -- the system identifier; 0: not known, the database is from before
    timeline integer NOT NULL, -- rises when a standby is promoted, and when a physical backup is restored
    ahead    bigint  NOT NULL
);
INSERT INTO event_clock (cluster, timeline, ahead) VALUES (0, 0, 0);
