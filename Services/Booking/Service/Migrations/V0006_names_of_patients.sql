-- By which rule name_index was computed: 1 tells writings of one name apart, 2 does not. Only the service has the key, so
-- it computes the index of older rows again by itself; the previous release goes on inserting rows of rule 1.
ALTER TABLE patients ADD COLUMN name_rule smallint NOT NULL DEFAULT 1;
CREATE INDEX patients_of_an_older_rule ON patients (id) WHERE name_rule < 2 AND contact IS NOT NULL;

-- Keyed digests of the beginnings of the words of the name, 64 bits each; absent until the row is of rule 2.
ALTER TABLE patients ADD COLUMN name_beginnings bigint[];
CREATE INDEX patients_by_name_beginning ON patients USING gin (name_beginnings);

-- What the clinic calls a type of care; absent for the usual name.
ALTER TABLE care_types ADD COLUMN label text CHECK (length(label) BETWEEN 1 AND 120);
