// Package sub has the commands of a program.
package sub

import (
	"os"
	"os/signal"
	"syscall"
)

type service struct{ done chan struct{} }

func handleSignal(s *service) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGINT, syscall.SIGTERM)
	<-ch
	close(s.done)
}

func Run() {
	s := &service{done: make(chan struct{})}
	go handleSignal(s)
	<-s.done
}

func each(list []*service) {
	for _, s := range list {
		ch := make(chan os.Signal, 1)
		signal.Notify(ch, syscall.SIGHUP) // want `ch is never given to signal.Stop`
		select {
		case <-ch:
		case <-s.done:
		}
	}
}
