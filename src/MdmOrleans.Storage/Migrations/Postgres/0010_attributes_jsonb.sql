-- Attributes as jsonb, so that fleets are searched with SQL's own operators: attributes @> '{"vpn": {"state": "up"}}'.
-- They come back with other spaces, and with the members in another order, than the device sent them.
-- No index by default: a GIN index costs more with every check-in that changes attributes than the column itself. Whoever searches
-- large fleets often makes one: CREATE INDEX CONCURRENTLY ON devices USING gin (attributes jsonb_path_ops).

-- Early releases kept text that jsonb refuses: U+0000 and halves of surrogate pairs, always as escapes. They become U+FFFD.
CREATE FUNCTION attributes_to_jsonb(said text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN said::jsonb;
EXCEPTION WHEN OTHERS THEN
    RETURN regexp_replace(said, '(?<!\\)((?:\\\\)*)\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\1\\ufffd', 'g')::jsonb;
END
$$;

ALTER TABLE devices ALTER COLUMN attributes TYPE jsonb USING attributes_to_jsonb(attributes::text);
DROP FUNCTION attributes_to_jsonb(text);
