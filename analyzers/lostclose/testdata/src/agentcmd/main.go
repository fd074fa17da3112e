// A program with commands of its command line, each of which is run once.
package main

import (
	"errors"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
)

var serveCommand = &cobra.Command{Use: "serve", RunE: serve}

func serve(_ *cobra.Command, _ []string) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	over := make(chan error, 1)
	go func() { over <- work() }()
	select {
	case <-stop:
		return errors.New("interrupted")
	case err := <-over:
		return err
	}
}

var waitCommand = &cobra.Command{Use: "wait", RunE: func(*cobra.Command, []string) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	<-stop
	return nil
}}

// Each piece of the work waits anew.
func work() error {
	for range 3 {
		if err := piece(); err != nil {
			return err
		}
	}
	return nil
}

func piece() error {
	skip := make(chan os.Signal, 1)
	signal.Notify(skip, os.Interrupt) // want `skip is never given to signal.Stop`
	select {
	case <-skip:
		return errors.New("skipped")
	default:
		return nil
	}
}

func main() {
	if serveCommand.RunE(serveCommand, os.Args) != nil || waitCommand.RunE(waitCommand, nil) != nil {
		os.Exit(1)
	}
}
