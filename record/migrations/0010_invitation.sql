-- The invitation of a team: one at a time. `name` is a keyed hash of it; the invitation itself is with who was given it.
CREATE TABLE invitation (
    space   uuid   PRIMARY KEY REFERENCES space (id),
    name    bytea  NOT NULL UNIQUE,
    user_id uuid   NOT NULL REFERENCES person (id),
    until   bigint NOT NULL
);

-- Who asked to join by one. They are no members by it.
CREATE TABLE join_request (
    space   uuid   NOT NULL REFERENCES space (id),
    user_id uuid   NOT NULL REFERENCES person (id),
    at      bigint NOT NULL,
    PRIMARY KEY (space, user_id)
);
