package doc

import (
	"net"
	"sync"
	"time"
)

var db = mustConnect("db:5432") // want `the initial value of db uses the network \(mustConnect → net.Dial\) before main begins in every program that imports the package, used or not, and no caller can handle an error; make db when it is first needed \(sync.OnceValue\), or in a function that the program calls`

func mustConnect(addr string) net.Conn {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		panic(err)
	}
	return c
}

func init() {
	time.Sleep(time.Second) // want `init sleeps \(time.Sleep\) before main begins`
}

func init() {
	for i := 2; i < 1_000_000; i++ { // want `init computes for some milliseconds before main begins in every program that imports the package, used or not; do it when`
		squares[i] = i * i
	}
}

var connect = sync.OnceValues(func() (net.Conn, error) {
	return net.Dial("tcp", "db:5432")
})

var squares [1_000_000]int

var _, _ = db, connect
