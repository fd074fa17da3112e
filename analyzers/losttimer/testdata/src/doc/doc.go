package doc

import (
	"net"
	"time"
)

func handle(int) {}

// WRONG
func debounce(t *time.Timer, reset, quit <-chan struct{}) {
	for {
		select {
		case <-t.C:
		case <-reset:
			if !t.Stop() {
				<-t.C // want `this receive blocks forever once the value of t.C has been taken at line 14: Stop returns false then, too`
			}
			t.Reset(time.Second)
		case <-quit:
			return
		}
	}
}

// RIGHT
func debounceSafely(t *time.Timer, reset, quit <-chan struct{}) {
	for {
		select {
		case <-t.C:
		case <-reset:
			t.Stop()
			t.Reset(time.Second)
		case <-quit:
			return
		}
	}
}

// WRONG
func waitReady(ready func() bool) {
	t := time.NewTicker(time.Second)
	for range t.C {
		if ready() {
			return
		}
	}
}

// RIGHT
func waitReadyAndStop(ready func() bool) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for range t.C {
		if ready() {
			return
		}
	}
}

// WRONG
func serve(conn net.Conn, idle time.Duration, handle func([]byte) error) error {
	t := time.AfterFunc(idle, func() { conn.Close() }) // want `this timer is not stopped when this function returns at line \d+`
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return err
		}
		if err := handle(buf[:n]); err != nil {
			return err
		}
		t.Reset(idle)
	}
}

// RIGHT
func serveAndStop(conn net.Conn, idle time.Duration, handle func([]byte) error) error {
	t := time.AfterFunc(idle, func() { conn.Close() })
	defer t.Stop()
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return err
		}
		if err := handle(buf[:n]); err != nil {
			return err
		}
		t.Reset(idle)
	}
}

// WRONG
func consume(in <-chan int) {
	for {
		select {
		case v := <-in:
			handle(v)
		case <-time.After(time.Minute): // want `time.After allocates 248 B in 3 objects for every message of in`
			return
		}
	}
}

// RIGHT
func consumeWithOneTimer(in <-chan int) {
	t := time.NewTimer(time.Minute)
	defer t.Stop()
	for {
		t.Reset(time.Minute)
		select {
		case v := <-in:
			handle(v)
		case <-t.C:
			return
		}
	}
}
