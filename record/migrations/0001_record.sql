-- The record's database. Whatever is personal is in a column named `sealed`: AES-256-GCM under a key that is derived
-- from the key-encryption key, bound to its row, or an envelope under a space's key. Moments are milliseconds since 1970.

-- People of the directory. `lookup` is an HMAC of (issuer, subject), so that sign-in finds a person without their name.
CREATE TABLE person (
    id         uuid   PRIMARY KEY,
    lookup     bytea  NOT NULL UNIQUE,
    sealed     bytea  NOT NULL,
    updated_at bigint NOT NULL
);

-- One row: moves on with every change of `person`, so that replicas know when their decrypted copy is old.
CREATE TABLE directory (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint  NOT NULL
);
INSERT INTO directory (version) VALUES (1);

-- Devices, never deleted: the log's signatures are verified with their keys for ever.
CREATE TABLE device (
    id            uuid   PRIMARY KEY,
    user_id       uuid   NOT NULL REFERENCES person (id),
    signing_key   bytea  NOT NULL,
    hpke_key      bytea  NOT NULL,
    certificate   bytea  NOT NULL,
    created_at    bigint NOT NULL,
    session_until bigint NOT NULL,
    seen_at       bigint NOT NULL,
    revoked_at    bigint
);
CREATE INDEX device_user ON device (user_id);

-- Spaces. The row is locked by whoever appends. `team` is an HMAC of a team's title, so that making it twice is harmless.
CREATE TABLE space (
    id         uuid   PRIMARY KEY,
    kind       text   NOT NULL,
    head_seq   bigint NOT NULL,
    head_chain bytea  NOT NULL,
    head_at    bigint NOT NULL,
    epoch      integer NOT NULL,
    epoch_at   bigint NOT NULL,
    team       bytea  UNIQUE
) WITH (fillfactor = 50);
CREATE INDEX space_epoch_at ON space (epoch_at);

-- Keys of spaces, wrapped under the key-encryption key with (space, epoch) as additional data.
CREATE TABLE space_key (
    space      uuid    NOT NULL REFERENCES space (id),
    epoch      integer NOT NULL,
    wrapped    bytea   NOT NULL,
    created_at bigint  NOT NULL,
    ended_at   bigint,
    PRIMARY KEY (space, epoch)
);

-- Who belongs where: a projection of the log, written with it. Who left stays, with the place where they did.
CREATE TABLE member (
    space   uuid    NOT NULL REFERENCES space (id),
    user_id uuid    NOT NULL REFERENCES person (id),
    admin   boolean NOT NULL,
    since   bigint  NOT NULL,
    until   bigint,
    PRIMARY KEY (space, user_id)
);
CREATE INDEX member_user ON member (user_id) WHERE until IS NULL;

-- The log. `target` is the operation that this one is about.
CREATE TABLE log (
    space  uuid    NOT NULL,
    seq    bigint  NOT NULL CHECK (seq > 0),
    op_id  uuid    NOT NULL,
    device uuid    NOT NULL,
    at     bigint  NOT NULL,
    epoch  integer NOT NULL,
    target uuid,
    chain  bytea   NOT NULL,
    sealed bytea   NOT NULL,
    PRIMARY KEY (space, seq),
    UNIQUE (space, op_id)
) PARTITION BY HASH (space);
DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE TABLE log_%s PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
    END LOOP;
END $$;
CREATE INDEX log_target ON log (space, target) WHERE target IS NOT NULL;

-- Folded states, sealed with the space's key, each with its signed checkpoint.
CREATE TABLE snapshot (
    space      uuid   NOT NULL REFERENCES space (id),
    seq        bigint NOT NULL,
    sealed     bytea  NOT NULL,
    checkpoint bytea  NOT NULL,
    PRIMARY KEY (space, seq)
);

-- How far each person has received and read, sealed with the space's key.
CREATE TABLE cursor (
    space   uuid  NOT NULL REFERENCES space (id),
    user_id uuid  NOT NULL,
    sealed  bytea NOT NULL,
    PRIMARY KEY (space, user_id)
) WITH (fillfactor = 70);

-- Nonces of signed requests, kept as long as their time would be accepted.
CREATE TABLE request_nonce (
    device uuid   NOT NULL,
    nonce  bytea  NOT NULL,
    at     bigint NOT NULL,
    PRIMARY KEY (device, nonce)
);
CREATE INDEX request_nonce_at ON request_nonce (at);

-- Two people have one direct conversation.
CREATE TABLE direct_pair (
    low   uuid NOT NULL,
    high  uuid NOT NULL,
    space uuid NOT NULL REFERENCES space (id),
    PRIMARY KEY (low, high),
    CHECK (low < high)
);

-- Asking twice for a new conversation gives the same one.
CREATE TABLE create_request (
    user_id uuid NOT NULL,
    request uuid NOT NULL,
    space   uuid NOT NULL REFERENCES space (id),
    PRIMARY KEY (user_id, request)
);

-- Who did what when, by id; only ever added to.
CREATE TABLE audit (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      bigint NOT NULL,
    event   text   NOT NULL,
    user_id uuid,
    device  uuid,
    space   uuid,
    subject uuid
);
CREATE INDEX audit_space ON audit (space, at) WHERE space IS NOT NULL;
CREATE INDEX audit_user ON audit (user_id, at) WHERE user_id IS NOT NULL;
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only ever added to';
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();

-- What the edge has to be told, until it is.
CREATE TABLE edge_notice (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    path    text    NOT NULL,
    body    bytea   NOT NULL,
    tries   integer NOT NULL DEFAULT 0,
    due_at  bigint  NOT NULL
);
CREATE INDEX edge_notice_due ON edge_notice (due_at);
