-- Visits that FHIR clients speak of. `key` is an HMAC of the visit's number, `sealed` that number and how the visit was told; what
-- it has come to is in its patient's history.
CREATE TABLE fhir_encounter (
    id      uuid  PRIMARY KEY,
    key     bytea NOT NULL UNIQUE,
    patient uuid  NOT NULL REFERENCES patient (id),
    sealed  bytea NOT NULL
);
CREATE INDEX fhir_encounter_patient ON fhir_encounter (patient);

-- Tokens of FHIR clients that were used (HMAC of `jti`), kept as long as they would be good.
CREATE TABLE fhir_token (
    client text   NOT NULL,
    jti    bytea  NOT NULL,
    until  bigint NOT NULL,
    PRIMARY KEY (client, jti)
);
CREATE INDEX fhir_token_until ON fhir_token (until);

-- Which FHIR client did or asked what, with what it looked for and whom it was shown, sealed; only ever added to.
CREATE TABLE fhir_access (
    id      uuid   PRIMARY KEY,
    at      bigint NOT NULL,
    client  text   NOT NULL,
    event   text   NOT NULL,
    patient uuid,
    sealed  bytea  NOT NULL
);
CREATE INDEX fhir_access_patient ON fhir_access (patient, at) WHERE patient IS NOT NULL;
CREATE INDEX fhir_access_client ON fhir_access (client, at);
CREATE TRIGGER fhir_access_is_kept BEFORE UPDATE OR DELETE ON fhir_access
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();
