// Package server has the commands of a program that serves: each is run once, and ends the process.
package server

import (
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func Serve() *cobra.Command {
	return &cobra.Command{Use: "serve", RunE: func(cmd *cobra.Command, args []string) error {
		s := &http.Server{Addr: args[0]}
		closeAtEnd(s)
		return s.ListenAndServe()
	}}
}

func closeAtEnd(s *http.Server) {
	c := make(chan os.Signal, 1)
	go closeOn(c, s)
	signal.Notify(c, syscall.SIGTERM)
}

func closeOn(c chan os.Signal, s *http.Server) {
	if _, ok := <-c; ok {
		s.Close()
	}
}

// Defect: one for each of many.
func Watch() *cobra.Command {
	return &cobra.Command{Use: "watch", RunE: func(cmd *cobra.Command, args []string) error {
		for range args {
			c := make(chan os.Signal, 1)
			signal.Notify(c, os.Interrupt) // want `c is never given to signal.Stop`
			<-c
		}
		return nil
	}}
}
