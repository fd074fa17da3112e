// Package web stands for a package with a type that others know as well.
package web

import "io"

// Request is kept by whoever made it.
type Request struct{ Body io.ReadCloser }

// Context leads to a request.
type Context interface{ Request() *Request }

// Entry is filled for the time of an encoding.
type Entry struct{ Line []byte }

func (e *Entry) Reset() { *e = Entry{} }
