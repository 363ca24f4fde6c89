-- Messages that were answered and are not in the index yet: `sealed` is the message, whole, until it is; `seq` is the order.
ALTER TABLE hl7_seen
    ADD COLUMN seq    bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN sealed bytea;
CREATE INDEX hl7_seen_waiting ON hl7_seen (seq) WHERE sealed IS NOT NULL;

-- Patients of whom it has to be looked at on which lists they belong. Apart from the patients: there a mark that comes and goes
-- would write every key of the row anew into its index, twice for each patient who moves.
CREATE TABLE patient_due (
    patient uuid PRIMARY KEY REFERENCES patient (id)
);
INSERT INTO patient_due SELECT id FROM patient WHERE lists_due;
ALTER TABLE patient DROP COLUMN lists_due;
