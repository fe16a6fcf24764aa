-- Certificates as they stand in the logs. load-sqlite makes and fills these tables.

CREATE TABLE IF NOT EXISTS entry (
	log TEXT NOT NULL,		-- the URL of the log
	idx INTEGER NOT NULL,		-- the index in it
	precert INTEGER NOT NULL,	-- 1: a precertificate
	seen REAL,			-- when it was fetched, seconds since 1970
	logged REAL,			-- the time of its SCT
	sha256 TEXT,
	serial TEXT,
	not_before INTEGER,
	not_after INTEGER,
	issuer TEXT,			-- the organization, or else the common name
	subject TEXT,			-- the common name
	PRIMARY KEY (log, idx)
) WITHOUT ROWID;

-- Each name of an entry. By reversed, what is below a domain is found in an index:
--	SELECT DISTINCT name FROM name WHERE reversed = 'com.example' OR reversed GLOB 'com.example.*';
CREATE TABLE IF NOT EXISTS name (
	log TEXT NOT NULL,
	idx INTEGER NOT NULL,
	nth INTEGER NOT NULL,		-- its place in all_domains
	name TEXT NOT NULL,		-- as it is in the certificate
	reversed TEXT NOT NULL,		-- in lower case, its labels from right to left
	PRIMARY KEY (log, idx, nth)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS name_reversed ON name (reversed);

-- The last mark of ct-fetch -E, in the same transaction as the entries before it.
CREATE TABLE IF NOT EXISTS mark (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	line TEXT NOT NULL
);
