// Subcommands is a command with commands in a table, each with flags of its own.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
)

type subcommand struct {
	flags *flag.FlagSet
	run   func(args []string) error
}

func main() {
	table := map[string]subcommand{"tally": tally(), "serve": {nil, serve}, "shell": {nil, shell}}
	c, ok := table[os.Args[1]]
	if !ok {
		os.Exit(2)
	}
	if err := c.run(os.Args[2:]); err != nil {
		os.Exit(1)
	}
}

func tally() subcommand {
	flags := flag.NewFlagSet("tally", flag.ExitOnError)
	limit := flags.Int("limit", 0, "")
	return subcommand{flags, func(args []string) error {
		flags.Parse(args)
		return count(*limit)
	}}
}

// It ends with the process.
func count(limit int) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	for range limit {
		select {
		case <-stop:
			return nil
		default:
			fmt.Println("one")
		}
	}
	return nil
}

func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	addr := flags.String("addr", ":80", "")
	flags.Parse(args)
	return until(*addr)
}

func until(addr string) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	go http.ListenAndServe(addr, nil)
	<-stop
	return nil
}

func shell(args []string) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := dispatch["wait"](strings.Fields(lines.Text())); err != nil {
			return err
		}
	}
	return lines.Err()
}

// What a shell does for a line goes on after a wrong one.
var dispatch = map[string]func([]string) error{"wait": func(args []string) error {
	flags := flag.NewFlagSet("wait", flag.ContinueOnError)
	all := flags.Bool("all", false, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return await(*all)
}}

func await(all bool) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt) // want `stop is never given to signal.Stop`
	if all {
		<-stop
	}
	return nil
}
