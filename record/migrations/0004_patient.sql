-- The index of patients. `sealed` is the patient as spaces and searches see them, `history` what the feeds said and when, each
-- sealed for its row. `keys` are what a patient is found by: the first 64 bits of HMACs under a key that is derived from the
-- key-encryption key, of numbers, dates and beginnings of names; a match is checked against what is sealed. Nothing is ever
-- deleted: `deleted` marks who the feed says is not a patient after all.
CREATE TABLE patient (
    id          uuid    PRIMARY KEY,
    version     bigint  NOT NULL CHECK (version > 0),
    sealed      bytea   NOT NULL,
    history     bytea   NOT NULL,
    keys        bigint[] NOT NULL,
    merged_into uuid    REFERENCES patient (id),
    deleted     boolean NOT NULL DEFAULT false,
    lists_due   boolean NOT NULL DEFAULT false,
    updated_at  bigint  NOT NULL
) WITH (fillfactor = 70);
-- What PostgreSQL would count of it is how common each name is.
ALTER TABLE patient ALTER COLUMN keys SET STATISTICS 0;
-- Without a pending list, which every search would have to read through.
CREATE INDEX patient_keys ON patient USING gin (keys) WITH (fastupdate = off);
CREATE INDEX patient_merged_into ON patient (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX patient_lists_due ON patient (id) WHERE lists_due;

-- Numbers that services gave, each of one patient: `key` is an HMAC of assigner and value. A merge leaves them where they are,
-- so that an unmerge has nothing to give back; who stands for the patient is told by `patient.merged_into`.
CREATE TABLE patient_identifier (
    key     bytea PRIMARY KEY,
    patient uuid  NOT NULL REFERENCES patient (id)
);
CREATE INDEX patient_identifier_patient ON patient_identifier (patient);

-- Which spaces speak about which patients, and which version each was told. `due` from when there is news until it is told.
CREATE TABLE patient_space (
    patient uuid    NOT NULL REFERENCES patient (id),
    space   uuid    NOT NULL REFERENCES space (id),
    told    bigint  NOT NULL DEFAULT 0,
    due     boolean NOT NULL DEFAULT true,
    PRIMARY KEY (patient, space)
) WITH (fillfactor = 70);
CREATE INDEX patient_space_space ON patient_space (space);
CREATE INDEX patient_space_due ON patient_space (space) WHERE due;

-- Where patients are in care now, for lists that fill themselves: `key` is an HMAC of a ward, a consultant or a practice.
CREATE TABLE patient_source (
    key     bytea NOT NULL,
    patient uuid  NOT NULL REFERENCES patient (id),
    PRIMARY KEY (key, patient)
);
CREATE INDEX patient_source_patient ON patient_source (patient);

-- Lists that fill themselves, and whom the record has put on each (`here`) or has marked as left; `due` until it is told.
CREATE TABLE auto_list (
    space    uuid    NOT NULL REFERENCES space (id),
    list     uuid    NOT NULL,
    key      bytea   NOT NULL,
    archived boolean NOT NULL DEFAULT false,
    due      boolean NOT NULL DEFAULT true,
    PRIMARY KEY (space, list)
);
CREATE INDEX auto_list_key ON auto_list (key);
CREATE INDEX auto_list_due ON auto_list (space) WHERE due;
CREATE TABLE auto_list_patient (
    space   uuid    NOT NULL,
    list    uuid    NOT NULL,
    patient uuid    NOT NULL REFERENCES patient (id),
    here    boolean NOT NULL,
    due     boolean NOT NULL DEFAULT true,
    PRIMARY KEY (space, list, patient),
    FOREIGN KEY (space, list) REFERENCES auto_list (space, list)
) WITH (fillfactor = 70);
CREATE INDEX auto_list_patient_here ON auto_list_patient (patient) WHERE here;
CREATE INDEX auto_list_patient_due ON auto_list_patient (space) WHERE due;

-- Who looked for or at which patient, with what they typed or why, sealed; only ever added to. Each has its row in `audit`.
CREATE TABLE patient_access (
    id      uuid   PRIMARY KEY,
    at      bigint NOT NULL,
    event   text   NOT NULL,
    user_id uuid   NOT NULL,
    device  uuid   NOT NULL,
    space   uuid,
    patient uuid,
    sealed  bytea  NOT NULL
);
CREATE INDEX patient_access_patient ON patient_access (patient, at) WHERE patient IS NOT NULL;
CREATE INDEX patient_access_user ON patient_access (user_id, at);
CREATE TRIGGER patient_access_is_kept BEFORE UPDATE OR DELETE ON patient_access
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
CREATE INDEX audit_subject ON audit (subject, at) WHERE subject IS NOT NULL;

-- False for staff who, by their organisation's policy, find only patients of their own spaces.
ALTER TABLE person ADD COLUMN finds_patients boolean NOT NULL DEFAULT true;

-- Messages of HL7 feeds that were not understood, whole, until an operator has dealt with them. `control` is an HMAC of the
-- message's control id (MSH-10); `reason` is one of a closed list; `state` is 'waiting', 'replayed' or 'discarded'.
CREATE TABLE hl7_quarantine (
    id       uuid   PRIMARY KEY,
    feed     text   NOT NULL,
    at       bigint NOT NULL,
    reason   text   NOT NULL,
    state    text   NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'replayed', 'discarded')),
    state_at bigint,
    control  bytea,
    sealed   bytea  NOT NULL
);
CREATE INDEX hl7_quarantine_state ON hl7_quarantine (state, at);

-- Messages that were answered, so that one that comes again is answered in the same way and does nothing. `control` and `digest`
-- are HMACs of the message's control id and of all of it.
CREATE TABLE hl7_seen (
    feed    text   NOT NULL,
    control bytea  NOT NULL,
    digest  bytea  NOT NULL,
    at      bigint NOT NULL,
    outcome text   NOT NULL,
    PRIMARY KEY (feed, control)
);
CREATE INDEX hl7_seen_at ON hl7_seen (at);
