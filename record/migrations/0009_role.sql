-- Roles of teams as they stand: a projection of the log, written with it. `sealed` has their titles and who answers for them.
CREATE TABLE role (
    space  uuid  NOT NULL REFERENCES space (id),
    role   uuid  NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (space, role)
);
