-- Answers can be left out of training: the kinds "exclude" and "include".
ALTER TABLE decisions RENAME TO decisions_before;
CREATE TABLE decisions (
    decision_id BIGINT PRIMARY KEY DEFAULT nextval('decision_order'),
    action_id VARCHAR NOT NULL, annotator VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('label', 'skip', 'unsure', 'flag', 'unflag', 'note',
        'split', 'exclude', 'include', 'undo', 'redo')),
    cluster_id VARCHAR, answer_id VARCHAR, label VARCHAR, note VARCHAR, reach BIGINT,
    target_action_id VARCHAR, decided_at TIMESTAMP NOT NULL);
INSERT INTO decisions BY NAME SELECT * FROM decisions_before;
DROP TABLE decisions_before;

CREATE VIEW excluded_answers AS
SELECT answer_id FROM effective_decisions WHERE kind IN ('exclude', 'include')
GROUP BY answer_id HAVING arg_max(kind, decision_id) = 'exclude';
