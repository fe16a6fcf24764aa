// Judge makes the submissions for real logs and judges what ct-fetch made of them. It uses the
// standard library alone, so that it shares nothing with what it judges.
//
//	judge key FILE               makes a key for a log: FILE (SEC 1 PEM) and FILE.pub (PEM)
//	judge roots <ENTRIES         the roots that the chains of the entries end in, as PEM
//	judge submit URL N <ENTRIES  submits them, N at a time; prints what the log took, a line of JSON each
//	judge size URL               the size of the tree that the log has signed last
//	judge check URL TAKEN FILE.. whether the records in the files are all that the log took
//
// ENTRIES are lines as `ct-log entries` prints them. URL is where the log takes submissions; with
// size and check it is where it is read, and a log with a checkpoint there is a tiled one.
// It exits with 1 when something is not as it should be, and says on stderr what.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "key":
		return makeKey(args[1])
	case len(args) == 1 && args[0] == "roots":
		return printRoots(os.Stdin, os.Stdout)
	case len(args) == 3 && args[0] == "submit":
		many, err := strconv.Atoi(args[2])
		if err != nil || many < 1 {
			return fmt.Errorf("%s is not a number of submissions", args[2])
		}
		return submit(args[1], many, os.Stdin, os.Stdout)
	case len(args) == 2 && args[0] == "size":
		head, err := fetchHead(args[1])
		if err == nil {
			fmt.Println(head.size)
		}
		return err
	case len(args) >= 4 && args[0] == "check":
		return check(args[1], args[2], args[3:])
	}
	return fmt.Errorf("called wrongly; the top of main.go says how")
}
