-- Certificates as they stand in the logs. load-postgresql makes and fills these tables.

CREATE TABLE IF NOT EXISTS entry (
	log text NOT NULL,		-- the URL of the log
	idx bigint NOT NULL,		-- the index in it
	precert boolean NOT NULL,
	seen timestamptz,		-- when it was fetched
	logged timestamptz,		-- the time of its SCT
	sha256 text,
	serial text,
	not_before timestamptz,
	not_after timestamptz,
	issuer text,			-- the organization, or else the common name
	subject text,			-- the common name
	PRIMARY KEY (log, idx)
);

-- Each name of an entry. By reversed, what is below a domain is found in an index:
--	SELECT DISTINCT name FROM name WHERE reversed = 'com.example' OR reversed LIKE 'com.example.%';
CREATE TABLE IF NOT EXISTS name (
	log text NOT NULL,
	idx bigint NOT NULL,
	nth integer NOT NULL,		-- its place in all_domains
	name text NOT NULL,		-- as it is in the certificate
	reversed text COLLATE "C" NOT NULL,	-- in lower case, its labels from right to left
	PRIMARY KEY (log, idx, nth)
);
CREATE INDEX IF NOT EXISTS name_reversed ON name (reversed);

-- The last mark of ct-fetch -E, in the same transaction as the entries before it.
CREATE TABLE IF NOT EXISTS mark (
	id integer PRIMARY KEY CHECK (id = 1),
	line text NOT NULL
);
