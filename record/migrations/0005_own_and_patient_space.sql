-- One person's own space: their lists. There is one, for ever.
CREATE TABLE own_space (
    user_id uuid PRIMARY KEY REFERENCES person (id),
    space   uuid NOT NULL REFERENCES space (id)
);

-- The people around one patient. There is one such space for each patient, for ever.
CREATE TABLE patient_care_space (
    patient uuid PRIMARY KEY,
    space   uuid NOT NULL REFERENCES space (id)
);

-- The list that an entry is about. Not in `target`, which pages of history look up: a page that has a list's beginning would
-- come with all that was ever done to that list.
ALTER TABLE log ADD COLUMN list uuid;
CREATE INDEX log_list ON log (space, list, seq) WHERE list IS NOT NULL;
