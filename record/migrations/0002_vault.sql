-- What people keep on their devices. `share` is sealed under a key derived from the key-encryption key; it opens a vault
-- together with what only that device has, and is destroyed when the vault ends.
CREATE TABLE vault (
    id          uuid    PRIMARY KEY,
    user_id     uuid    NOT NULL REFERENCES person (id),
    share       bytea,
    kept        boolean NOT NULL,
    lease_until bigint  NOT NULL,
    made_at     bigint  NOT NULL,
    ended_at    bigint
);
CREATE INDEX vault_user ON vault (user_id);

-- The vault that a device has now.
ALTER TABLE device ADD COLUMN vault uuid REFERENCES vault (id);
CREATE INDEX device_vault ON device (vault) WHERE vault IS NOT NULL;

-- May end the devices of people of their own organisation.
ALTER TABLE person ADD COLUMN administrator boolean NOT NULL DEFAULT false;
