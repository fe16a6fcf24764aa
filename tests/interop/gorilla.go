// Reads a WebSocket with gorilla/websocket as the Go clients of certstream do: each message
// must come within 15 seconds of the one before, or reading fails.
//
// Usage: gorilla [-z] URL N. Prints the first N messages that are no heartbeats as they came, and
// heartbeats to standard error. With -z it offers compression. Ends with 1 when a deadline
// passes or the server closes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

func main() {
	compress := flag.Bool("z", false, "offer compression")
	flag.Parse()
	count, err := strconv.Atoi(flag.Arg(1))
	if err != nil {
		fmt.Fprintln(os.Stderr, "usage: gorilla [-z] URL N")
		os.Exit(100)
	}
	dialer := *websocket.DefaultDialer
	dialer.EnableCompression = *compress
	c, _, err := dialer.Dial(flag.Arg(0), nil)
	for count > 0 && err == nil {
		var message []byte
		c.SetReadDeadline(time.Now().Add(15 * time.Second))
		_, message, err = c.ReadMessage()
		if err != nil {
			break
		}
		message = bytes.TrimSuffix(message, []byte("\n"))
		if bytes.Contains(message, []byte(`"message_type":"heartbeat"`)) {
			fmt.Fprintf(os.Stderr, "%s\n", message)
			continue
		}
		fmt.Printf("%s\n", message)
		count--
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	c.SetReadDeadline(time.Now().Add(10 * time.Second))
	for err == nil {
		_, _, err = c.ReadMessage()
	}
	if !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
