package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

type head struct {
	size uint64
	root []byte
}

func get(url string) ([]byte, error) {
	answer, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, 1<<20))
}

// fetchHead asks the log at url for its newest head: as a checkpoint, or else by get-sth.
func fetchHead(url string) (head, error) {
	text, err := get(url + "checkpoint")
	if err == nil {
		lines := strings.Split(string(text), "\n")
		if len(lines) < 3 {
			return head{}, fmt.Errorf("a checkpoint of %d lines", len(lines))
		}
		size, err := strconv.ParseUint(lines[1], 10, 64)
		if err != nil {
			return head{}, err
		}
		root, err := base64.StdEncoding.DecodeString(lines[2])
		return head{size, root}, err
	}
	if text, err = get(url + "ct/v1/get-sth"); err != nil {
		return head{}, err
	}
	var sth struct {
		Size uint64 `json:"tree_size"`
		Root []byte `json:"sha256_root_hash"`
	}
	err = json.Unmarshal(text, &sth)
	return head{sth.Size, sth.Root}, err
}

// A verdict gathers what came out of ct-fetch, in any number of runs, one after the other.
type verdict struct {
	entries map[uint64]*record
	heads   []*record
	proven  uint64 // the largest next of a head
	twice   int    // entries that came again, as they may after a kill
}

func (v *verdict) add(r *record) error {
	switch r.MessageType {
	case "head":
		if r.Verified == nil || !*r.Verified {
			return fmt.Errorf("a head of %d leaves that is not verified", r.TreeSize)
		}
		if r.Next > r.TreeSize || r.Next > 0 && v.entries[r.Next-1] == nil {
			return fmt.Errorf("a head of %d leaves proves entries up to %d, which did not come",
				r.TreeSize, r.Next)
		}
		v.heads = append(v.heads, r)
		v.proven = max(v.proven, r.Next)
	case "gap":
		return errors.New("a gap, though the log has lost nothing")
	case "entry":
		had := v.entries[r.Index]
		if had == nil {
			v.entries[r.Index] = r
			return nil
		}
		v.twice++
		if !bytes.Equal(had.LeafInput, r.LeafInput) || !bytes.Equal(had.ExtraData, r.ExtraData) {
			return fmt.Errorf("entry %d came twice and is not the same", r.Index)
		}
	}
	return nil
}

// checkRoots hashes all leaves and compares the root at the size of every head.
func (v *verdict) checkRoots(last head) error {
	at := map[uint64][][]byte{last.size: {last.root}}
	for _, h := range v.heads {
		at[h.TreeSize] = append(at[h.TreeSize], h.Root)
	}
	if uint64(len(v.entries)) != last.size {
		return fmt.Errorf("%d entries came of %d", len(v.entries), last.size)
	}
	var tree merkle
	for size := uint64(0); ; size++ {
		for _, root := range at[size] {
			if !bytes.Equal(root, tree.root()) {
				return fmt.Errorf("the root at %d is not that of the head", size)
			}
		}
		delete(at, size)
		if size == last.size {
			break
		}
		r := v.entries[size]
		if r == nil {
			return fmt.Errorf("entry %d is missing", size)
		}
		tree.push(r.LeafInput)
	}
	if len(at) > 0 {
		return fmt.Errorf("%d heads are beyond the log's last", len(at))
	}
	if v.proven != last.size {
		return fmt.Errorf("heads prove the entries up to %d of %d", v.proven, last.size)
	}
	return nil
}

// checkTaken compares the chains that came with those that the log took: each must be there whole,
// under the time that the log has promised, and nothing else.
func (v *verdict) checkTaken(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	want := make(map[string]bool)
	for lines := json.NewDecoder(file); ; {
		var t taken
		if err := lines.Decode(&t); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		want[fmt.Sprint(t.Timestamp, t.Prints)] = true
	}
	for _, r := range v.entries {
		e, err := r.parse()
		if err != nil {
			return err
		}
		key := fmt.Sprint(e.timestamp, prints(e.chain))
		if !want[key] {
			return fmt.Errorf("entry %d is none that was submitted, or not whole: %s", r.Index, key)
		}
		delete(want, key)
	}
	for key := range want {
		return fmt.Errorf("%d that the log took did not come, among them %s", len(want), key)
	}
	return nil
}

func check(url, took string, names []string) error {
	v := verdict{entries: make(map[uint64]*record)}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		err = eachRecord(file, v.add)
		file.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	last, err := fetchHead(url)
	if err != nil {
		return err
	}
	if err := v.checkRoots(last); err != nil {
		return err
	}
	if err := v.checkTaken(took); err != nil {
		return err
	}
	fmt.Printf("%d entries in %d runs, %d came twice, %d heads\n", last.size, len(names), v.twice, len(v.heads))
	return nil
}
