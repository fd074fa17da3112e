// Package nats stands for the client of a queue.
package nats

type Msg struct{ Data []byte }
