-- What the first version of activity.db was made with, and three documents in it.
PRAGMA application_id = 1752523379;
PRAGMA user_version = 1;
CREATE TABLE documents(id TEXT PRIMARY KEY, version INTEGER NOT NULL,
 action TEXT NOT NULL, ts INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX documents_flagged ON documents(
 CAST(json_extract(body, '$.github.repo_id') AS INTEGER), version & 281474976710655)
 WHERE action = 'commit' AND json_extract(body, '$.github.commit.default_branch') = 1;
CREATE TABLE aliases(alias INTEGER PRIMARY KEY, credit_id TEXT NOT NULL,
 name TEXT NOT NULL, UNIQUE(credit_id, name));
CREATE TABLE credits(doc TEXT NOT NULL, alias INTEGER NOT NULL, kind INTEGER NOT NULL,
 merged INTEGER NOT NULL, ts INTEGER NOT NULL);
CREATE INDEX credits_doc ON credits(doc);
CREATE INDEX credits_ts ON credits(ts, alias, kind, merged);
CREATE TABLE meta(key TEXT PRIMARY KEY, value);
CREATE TRIGGER documents_deleted AFTER DELETE ON documents BEGIN
 DELETE FROM credits WHERE doc = OLD.id;
 UPDATE meta SET value = value - 1 WHERE key = 'documents';
 UPDATE meta SET value = lower(hex(randomblob(16)))
 WHERE key = 'identity' AND NOT EXISTS (SELECT 1 FROM documents);
END;
INSERT INTO meta VALUES('identity', '0123456789abcdef0123456789abcdef'), ('documents', 3);
INSERT INTO documents VALUES('commit:77:a', 281476743936001, 'commit', 1767225600000,
 '{"@timestamp":"2026-01-01T00:00:00Z","event":{"action":"commit","id":"commit:77:a"},'
 || '"github":{"org":"sim-works","repo":"sim-works/engine","repo_id":"77","commit":'
 || '{"default_branch":true,"merge":false,"additions":3,"deletions":1,"hour":9,'
 || '"weekday":4}},"hubstash":{"bot":false,"credit":["sim-ada","sim-bo"],'
 || '"credit_id":["1","2"],"agents":["Claude"]}}');
INSERT INTO documents VALUES('pr:77:1', 281476743936002, 'pull_request', 1767225600000,
 '{"@timestamp":"2026-01-01T00:00:00Z","event":{"action":"pull_request","id":"pr:77:1"},'
 || '"github":{"org":"sim-works","repo":"sim-works/engine","repo_id":"77",'
 || '"pull_request":{"state":"merged","merged_at":"2026-01-02T00:00:00Z",'
 || '"merge_bucket":69}},"hubstash":{"bot":false,"credit":["sim-bo"],'
 || '"credit_id":["2"]}}');
INSERT INTO documents VALUES('issue:77:2', 281476743936003, 'issue', 1767225600000,
 'what somebody wrote here by hand');
INSERT INTO aliases VALUES(1, '1', 'sim-ada'), (2, '2', 'sim-bo');
INSERT INTO credits VALUES('commit:77:a', 1, 0, 0, 1767225600000),
 ('commit:77:a', 2, 0, 0, 1767225600000), ('pr:77:1', 2, 1, 1, 1767225600000);
