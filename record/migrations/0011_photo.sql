-- Photos of messages, sealed by the device that took them under a key that is in the message alone. `id` is the SHA-256 of
-- `sealed`. `shown`: a message of the space shows it; one that none ever shows is deleted after a while.
CREATE TABLE photo (
    space  uuid    NOT NULL REFERENCES space (id),
    id     bytea   NOT NULL,
    device uuid    NOT NULL REFERENCES device (id),
    at     bigint  NOT NULL,
    shown  boolean NOT NULL DEFAULT false,
    sealed bytea   NOT NULL,
    PRIMARY KEY (space, id)
);
-- What is sealed does not compress.
ALTER TABLE photo ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX photo_unshown ON photo (device, at) WHERE NOT shown;
