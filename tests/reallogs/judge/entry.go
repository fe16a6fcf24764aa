package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
)

const maxLine = 16 << 20 // bytes: what ct-entry(5) allows a line

// A record is what ct-fetch and ct-log print for an entry; other records have a message_type
// of their own.
type record struct {
	MessageType string `json:"message_type"`
	Index       uint64 `json:"index"`
	LeafInput   []byte `json:"leaf_input"`
	ExtraData   []byte `json:"extra_data"`

	// Of a head. Next is the index behind the last entry that has gone out.
	TreeSize uint64 `json:"tree_size"`
	Root     []byte `json:"root"`
	Verified *bool  `json:"verified"`
	Next     uint64 `json:"next"`
}

// An entry is an entry of RFC 6962 section 4.6, taken apart. chain begins with what was
// submitted: the certificate, or the precertificate.
type entry struct {
	timestamp uint64
	pre       bool
	chain     [][]byte
}

// A cursor takes TLS vectors off bytes. After the first that is not there, bad stays true.
type cursor struct {
	left []byte
	bad  bool
}

func (c *cursor) take(n int) []byte {
	if c.bad || n > len(c.left) {
		c.bad = true
		return nil
	}
	p := c.left[:n]
	c.left = c.left[n:]
	return p
}

func (c *cursor) number(width int) uint64 {
	var n uint64
	for _, b := range c.take(width) {
		n = n<<8 | uint64(b)
	}
	return n
}

func (c *cursor) vector(width int) []byte {
	return c.take(int(c.number(width)))
}

// parse takes an entry apart and refuses what is left over.
func (r *record) parse() (entry, error) {
	var e entry
	leaf := cursor{left: r.LeafInput}
	extra := cursor{left: r.ExtraData}
	leaf.take(2) // version and type
	e.timestamp = leaf.number(8)
	switch kind := leaf.number(2); kind {
	case 0:
		e.chain = append(e.chain, leaf.vector(3))
	case 1:
		e.pre = true
		leaf.take(32) // issuer_key_hash
		leaf.vector(3)
		e.chain = append(e.chain, extra.vector(3))
	default:
		return e, fmt.Errorf("entry %d: entry_type %d", r.Index, kind)
	}
	leaf.vector(2) // extensions
	above := cursor{left: extra.vector(3)}
	for len(above.left) > 0 && !above.bad {
		e.chain = append(e.chain, above.vector(3))
	}
	if leaf.bad || extra.bad || above.bad || len(leaf.left) > 0 || len(extra.left) > 0 {
		return e, fmt.Errorf("entry %d: its framing cannot be read", r.Index)
	}
	return e, nil
}

// prints are the SHA-256 of each certificate of a chain, in hex.
func prints(chain [][]byte) []string {
	var all []string
	for _, der := range chain {
		sum := sha256.Sum256(der)
		all = append(all, hex.EncodeToString(sum[:]))
	}
	return all
}

// eachRecord calls f with each line. What follows the last line feed is dropped: a process that
// was killed may have written half a line.
func eachRecord(in io.Reader, f func(*record) error) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(line) > maxLine {
			return fmt.Errorf("a line of %d bytes", len(line))
		}
		r := new(record)
		if err := json.Unmarshal(line, r); err != nil {
			return fmt.Errorf("%.80q: %w", line, err)
		}
		if err := f(r); err != nil {
			return err
		}
	}
}

// printRoots prints the last certificate of each chain once, when it is self-signed.
func printRoots(in io.Reader, out io.Writer) error {
	seen := make(map[[32]byte]bool)
	return eachRecord(in, func(r *record) error {
		e, err := r.parse()
		if err != nil {
			return err
		}
		der := e.chain[len(e.chain)-1]
		sum := sha256.Sum256(der)
		if seen[sum] {
			return nil
		}
		seen[sum] = true
		cert, err := x509.ParseCertificate(der)
		if err != nil || string(cert.RawSubject) != string(cert.RawIssuer) {
			return nil
		}
		return pem.Encode(out, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	})
}
