package a

import (
	"encoding/json"
	"net"
	"os"
)

// What the program reads from a file of its own is no client's.

type site struct{ Addr string }

type sites struct{ All []site }

func serveAll(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var s sites
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	for _, one := range s.All {
		go greet(one)
	}
	return nil
}

func serveFrom(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var s sites
	if err := json.NewDecoder(f).Decode(&s); err != nil {
		return err
	}
	for _, one := range s.All {
		go greet(one)
	}
	return nil
}

func serveSent(conn net.Conn) error {
	var s sites
	if err := json.NewDecoder(conn).Decode(&s); err != nil {
		return err
	}
	for _, one := range s.All {
		go greet(one) // want `starts a goroutine for every item of s.All, as many as a client sends`
	}
	return nil
}

func greet(s site) {
	conn, err := net.Dial("tcp", s.Addr)
	if err != nil {
		return
	}
	defer conn.Close()
	conn.Write([]byte("hello"))
}
