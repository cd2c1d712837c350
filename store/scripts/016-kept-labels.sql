-- Labels that were doubtful can be kept ("keep"); the note is a digest of what was said of them then.
ALTER TABLE decisions RENAME TO decisions_before;
CREATE TABLE decisions (
    decision_id BIGINT PRIMARY KEY DEFAULT nextval('decision_order'),
    action_id VARCHAR NOT NULL, annotator VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('label', 'skip', 'unsure', 'flag', 'unflag', 'note',
        'split', 'exclude', 'include', 'ask-again', 'keep', 'undo', 'redo')),
    cluster_id VARCHAR, answer_id VARCHAR, label VARCHAR, note VARCHAR, reach BIGINT,
    target_action_id VARCHAR, decided_at TIMESTAMP NOT NULL);
INSERT INTO decisions BY NAME SELECT * FROM decisions_before;
DROP TABLE decisions_before;

CREATE VIEW kept_labels AS
SELECT answer_id, arg_max(note, decision_id) AS note
FROM effective_decisions WHERE kind = 'keep' GROUP BY answer_id;
