// Convert is a command that does its work once.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
)

func main() {
	flag.Parse()
	if err := convert(flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := each(flag.Args()); err != nil {
		os.Exit(1)
	}
}

// The end of the command closes it.
func convert(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fmt.Println(lines.Text())
	}
	return lines.Err()
}

// Of these there may be more than a process can have.
func each(names []string) error {
	for _, name := range names {
		f, err := os.Open(name) // want `f is never closed`
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			fmt.Println(lines.Text())
		}
	}
	return nil
}
