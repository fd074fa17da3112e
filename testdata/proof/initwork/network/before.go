//go:build ignore

// proof: behaviour

package main

import "net"

var listener, _ = net.Listen("tcp", "127.0.0.1:0")

func run() string {
	if listener != nil {
		listener.Close()
		return "bad: the port is open before anybody has asked"
	}
	return "ok"
}
