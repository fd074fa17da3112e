// Package applet is one of the programs of a binary that has many: the function main of a
// package that is not main is called by that of the binary, and nothing comes after it.
package applet

import (
	"bufio"
	"fmt"
	"log"
	"os"
)

var programs = map[string]func(){}

func init() { programs["count"] = main }

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		n++
	}
	fmt.Println(n, head(os.Args[2]), head(os.Args[3]))
}

// Defect: called from elsewhere, perhaps often.
func Head(path string) string {
	f, err := os.Open(path) // want `f is never closed`
	if err != nil {
		return ""
	}
	s := bufio.NewScanner(f)
	s.Scan()
	return s.Text()
}

func head(path string) string { return Head(path) }
