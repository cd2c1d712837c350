-- Answers can be left out of training ("exclude", "include"), and their seeds be sent back for
-- another question ("ask-again").
ALTER TABLE decisions RENAME TO decisions_before;
CREATE TABLE decisions (
    decision_id BIGINT PRIMARY KEY DEFAULT nextval('decision_order'),
    action_id VARCHAR NOT NULL, annotator VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('label', 'skip', 'unsure', 'flag', 'unflag', 'note',
        'split', 'exclude', 'include', 'ask-again', 'undo', 'redo')),
    cluster_id VARCHAR, answer_id VARCHAR, label VARCHAR, note VARCHAR, reach BIGINT,
    target_action_id VARCHAR, decided_at TIMESTAMP NOT NULL);
INSERT INTO decisions BY NAME SELECT * FROM decisions_before;
DROP TABLE decisions_before;

CREATE VIEW excluded_answers AS
SELECT answer_id FROM effective_decisions WHERE kind IN ('exclude', 'include')
GROUP BY answer_id HAVING arg_max(kind, decision_id) = 'exclude';

-- Seeds that wait for another question, with the attempt that was sent back.
CREATE VIEW sent_back AS
SELECT q.sample_id, max(q.attempt) AS attempt
FROM effective_decisions d JOIN answers a USING (answer_id) JOIN queries q USING (query_id)
WHERE d.kind = 'ask-again'
  AND NOT EXISTS (SELECT 1 FROM queries o
                  WHERE o.sample_id = q.sample_id AND o.attempt > q.attempt)
GROUP BY q.sample_id;
