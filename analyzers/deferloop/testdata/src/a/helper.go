package a

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
)

// A function of the package that closes what it gets is like Close.

func finish(resp *http.Response) {
	io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	resp.Body.Close()
}

func refused(resp *http.Response) bool { return resp.StatusCode/100 != 2 }

func listing(client *http.Client, url string) (all []string, err error) {
	for page := 1; ; page++ {
		resp, err := client.Get(url + "?page=" + strconv.Itoa(page))
		if err != nil {
			return nil, err
		}
		defer finish(resp) // want `finish runs when listing returns, and this loop goes on`
		if refused(resp) {
			return nil, io.ErrUnexpectedEOF
		}
		var names []string
		if err := json.NewDecoder(resp.Body).Decode(&names); err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return all, nil
		}
		for _, name := range names {
			all = append(all, name)
		}
	}
}

func each2(client *http.Client, urls []string) error {
	for _, url := range urls {
		resp, err := client.Get(url)
		if err != nil {
			return err
		}
		defer finish(resp) // want `finish runs when each2 returns, not at the end of the iteration`
		if refused(resp) {
			return io.ErrUnexpectedEOF
		}
	}
	return nil
}

// Silent: what counts down, and what another function closes already.

type shared struct {
	mu   sync.Mutex
	refs int
}

func acquire(name string) *shared { return &shared{refs: len(name)} }

func letGo(s *shared) {
	s.mu.Lock()
	s.refs--
	s.mu.Unlock()
}

func together(names []string) {
	for _, name := range names {
		s := acquire(name)
		defer letGo(s)
		scan(name)
	}
}

func checked(client *http.Client, urls []string) error {
	for _, url := range urls {
		resp, err := client.Get(url)
		if err != nil {
			return err
		}
		defer finish(resp)
		if refused(resp) {
			finish(resp)
			continue
		}
		finish(resp)
	}
	return nil
}

func there(s *shared, n int) {
	if n > 0 {
		back(s, n)
	}
	back(s, 0)
}

func back(s *shared, n int) { there(s, n-1) }

func roundAbout(names []string) {
	for _, name := range names {
		s := acquire(name)
		defer there(s, 1)
		scan(name)
	}
}

// Whose receiver comes first is the same.

type counters struct{ n int }

func (c *counters) release(resp *http.Response) {
	resp.Body.Close()
	c.n++
}

func counted(c *counters, client *http.Client, urls []string) error {
	for _, url := range urls {
		resp, err := client.Get(url)
		if err != nil {
			return err
		}
		defer (*counters).release(c, resp) // want `release runs when counted returns, not at the end of the iteration`
		if refused(resp) {
			return io.ErrUnexpectedEOF
		}
	}
	return nil
}

// exchange closes the connection that it is given by a type of its own.
func exchange(conn *net.TCPConn, b []byte) error {
	defer func() {
		_ = conn.Close()
	}()
	_, err := conn.Write(b)
	return err
}

func firstAnswer(hosts []string, b []byte) error {
	for _, host := range hosts {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			continue
		}
		defer conn.Close() // once more
		if err := exchange(conn.(*net.TCPConn), b); err == nil {
			return nil
		}
	}
	return errors.New("no answer")
}
