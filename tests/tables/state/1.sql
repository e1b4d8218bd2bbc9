-- What the first version of state.db was made with.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE identities (output TEXT PRIMARY KEY, identity TEXT NOT NULL);
CREATE TABLE repos (id INTEGER PRIMARY KEY, node_id TEXT, org TEXT, name TEXT,
 default_branch TEXT, reason TEXT, archived INTEGER, fork INTEGER,
 mirror INTEGER, private INTEGER, state TEXT, look_s INTEGER,
 page_size INTEGER);
CREATE TABLE streams (repo_id INTEGER, kind TEXT, cursor TEXT, seen TEXT,
 settled TEXT, since_ms INTEGER, wanted INTEGER, done INTEGER, fails INTEGER,
 next_ms INTEGER, parked TEXT, settled_ms INTEGER,
 PRIMARY KEY (repo_id, kind)) WITHOUT ROWID;
CREATE TABLE gaps (id INTEGER PRIMARY KEY AUTOINCREMENT, repo_id INTEGER,
 kind TEXT, org TEXT, cause TEXT, wish INTEGER, from_ms INTEGER,
 to_ms INTEGER, page TEXT, keys TEXT, opened_ms INTEGER, total INTEGER,
 read INTEGER, fails INTEGER, next_ms INTEGER, parked TEXT);
CREATE TABLE wishes (id INTEGER PRIMARY KEY AUTOINCREMENT, org TEXT, repo TEXT,
 kinds TEXT, since_ms INTEGER, at_ms INTEGER, cancel INTEGER);
CREATE TABLE flags (repo_id INTEGER, sha TEXT, committed_ms INTEGER,
 PRIMARY KEY (repo_id, sha)) WITHOUT ROWID;
CREATE INDEX flags_by_time ON flags (repo_id, committed_ms, sha);
CREATE TABLE feeds (url TEXT PRIMARY KEY, etag TEXT, keys TEXT,
 read_ms INTEGER, full_ms INTEGER, oldest_ms INTEGER);
CREATE TABLE outbox (row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT,
 version INTEGER, json TEXT);
CREATE TABLE dead (id INTEGER PRIMARY KEY AUTOINCREMENT, output TEXT,
 doc_id TEXT, action TEXT, reason TEXT, json TEXT, version INTEGER,
 at_ms INTEGER, times INTEGER, again INTEGER, UNIQUE (output, doc_id));
PRAGMA user_version = 1;
