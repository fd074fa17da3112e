package a

import (
	"errors"
	"net"
	"os"
)

// Connections that one goroutine sends and another receives.

type dialled struct {
	conn net.Conn
	err  error
}

func nearest(addrs []string) (string, error) {
	results := make(chan dialled, len(addrs))
	for _, addr := range addrs {
		go func() {
			conn, err := net.Dial("tcp", addr) // want `conn is sent on a channel, and who receives it does not close it on the path that returns at line 26`
			results <- dialled{conn, err}
		}()
	}
	for range addrs {
		if d := <-results; d.err == nil {
			return d.conn.RemoteAddr().String(), nil
		}
	}
	return "", errors.New("nobody answers")
}

func nearestAndClose(addrs []string) (string, error) {
	results := make(chan dialled, len(addrs))
	for _, addr := range addrs {
		go func() {
			conn, err := net.Dial("tcp", addr)
			results <- dialled{conn, err}
		}()
	}
	for range addrs {
		if d := <-results; d.err == nil {
			name := d.conn.RemoteAddr().String()
			return name, d.conn.Close()
		}
	}
	return "", errors.New("nobody answers")
}

// Something beside the file says whether there is one.
type found struct {
	name string
	file *os.File
	ok   bool
}

func search(names []string) int {
	files := make(chan found)
	go func() {
		defer close(files)
		for _, name := range names {
			f, err := os.Open(name)
			files <- found{name, f, err == nil}
		}
	}()
	n := 0
	for f := range files {
		if f.ok {
			n++
			f.file.Close()
		}
	}
	return n
}

// A worker that is given the channel closes what it receives.
func handOver(names []string, work func(<-chan *os.File)) error {
	files := make(chan *os.File)
	defer close(files)
	go work(files)
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		files <- f
	}
	return nil
}
