// Package unsure has what is reported only with the flag all.
package unsure

import "context"

type Request struct{ Size int32 }

func (r *Request) ProtoReflect()  {}
func (r *Request) GetSize() int32 { return r.Size }
func (r *Reply) ProtoReflect()    {}

type Reply struct{ Body []byte }

type Server struct{}

func (Server) Fetch(ctx context.Context, req *Request) (*Reply, error) {
	return &Reply{Body: make([]byte, req.GetSize())}, nil // want `req.GetSize\(\) comes from the request and has no upper bound`
}

func doubled(xs []float64, width int) []float64 {
	out := make([]float64, width) // want `out is made with width zero elements`
	for _, x := range xs {
		out = append(out, 2*x)
	}
	return out
}

type Ledger struct{ lines []string }

func (l *Ledger) Add(line string) { l.lines = append(l.lines[:len(l.lines):len(l.lines)], line) }

func (l *Ledger) Put(lines []string) { l.lines = lines }

func (l *Ledger) Without(paid []string) []string {
	return make([]string, 0, len(l.lines)-len(paid)) // want `len\(l.lines\) - len\(paid\) is negative when len\(l.lines\) < len\(paid\), and make panics`
}
