package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

const patience = 60 * time.Second // how long a log may turn a chain away

// taken is a chain that a log took: a line that submit prints and check reads.
type taken struct {
	Timestamp uint64   `json:"timestamp"`
	Prints    []string `json:"prints"`
}

// errRefused means that the log does not want the chain, which is its right.
var errRefused = errors.New("refused")

// submit sends the chains of all entries to the log at url, so many at a time. A log may refuse some,
// as each has rules of its own; but it must take most.
func submit(url string, many int, in io.Reader, out io.Writer) error {
	var (
		queue   = make(chan entry)
		lock    sync.Mutex
		workers sync.WaitGroup
		failed  error
		refused int
		took    int
	)
	print := json.NewEncoder(out)
	workers.Add(many)
	for i := 0; i < many; i++ {
		go func() {
			defer workers.Done()
			for e := range queue {
				t, err := submitOne(url, e)
				lock.Lock()
				switch {
				case errors.Is(err, errRefused):
					refused++
					if refused == 1 {
						fmt.Fprintln(os.Stderr, "judge:", err)
					}
				case err != nil:
					failed = err
				default:
					took++
					failed = errors.Join(failed, print.Encode(t))
				}
				lock.Unlock()
			}
		}()
	}
	err := eachRecord(in, func(r *record) error {
		e, err := r.parse()
		if err == nil {
			queue <- e
		}
		return err
	})
	close(queue)
	workers.Wait()
	fmt.Fprintf(os.Stderr, "judge: took %d, refused %d\n", took, refused)
	if took < 3*refused {
		failed = errors.Join(failed, errors.New("the log refused too many"))
	}
	return errors.Join(err, failed)
}

// submitOne submits a chain until the log takes or refuses it.
func submitOne(url string, e entry) (taken, error) {
	name := "add-chain"
	if e.pre {
		name = "add-pre-chain"
	}
	body, err := json.Marshal(map[string][][]byte{"chain": e.chain})
	if err != nil {
		return taken{}, err
	}
	for until := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		t, again, err := post(url+"ct/v1/"+name, body)
		if err == nil {
			t.Prints = prints(e.chain)
			return t, nil
		}
		if !again || time.Now().After(until) {
			return t, err
		}
	}
}

// post sends one request. again means that the log may take the same later.
func post(url string, body []byte) (t taken, again bool, err error) {
	answer, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return t, true, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	switch {
	case err != nil:
		return t, true, err
	case answer.StatusCode == http.StatusOK:
		return t, false, json.Unmarshal(text, &t)
	case answer.StatusCode == http.StatusBadRequest:
		return t, false, fmt.Errorf("%w: %.200s", errRefused, text)
	}
	return t, true, fmt.Errorf("%s: %s: %.200s", url, answer.Status, text)
}
