-- Messages that were answered and are not in the index yet: `sealed` is the message, whole, until it is; `seq` is the order.
ALTER TABLE hl7_seen
    ADD COLUMN seq    bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN sealed bytea;
CREATE INDEX hl7_seen_waiting ON hl7_seen (seq) WHERE sealed IS NOT NULL;
