-- The calls of other processes that have written, so that none is done twice when its owner ends
-- before it could answer.
CREATE TABLE served_calls (call_id VARCHAR PRIMARY KEY, called_at TIMESTAMP NOT NULL);
