-- Attributes as text, which the json functions take: attributes ->> '$.vpn.state'. A blob they would take for SQLite's own binary JSON.
UPDATE devices SET attributes = CAST(attributes AS TEXT) WHERE typeof(attributes) = 'blob';
