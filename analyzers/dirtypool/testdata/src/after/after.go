package after

import (
	"io"
	"strings"
	"sync"
)

// A reset after Get that forgets a field is as partial as one before Put.

type reply struct {
	code  int
	cause error
	body  []byte
}

var replies = sync.Pool{New: func() any { return new(reply) }}

func (r *reply) reset() { // want `\(\*reply\).reset leaves field cause set: a reply from replies carries it to its next user`
	r.code = 0
	r.body = r.body[:0]
}

func newReply(code int) *reply {
	r := replies.Get().(*reply)
	r.reset()
	r.code = code
	return r
}

func (r *reply) because(err error) *reply {
	r.cause = err
	return r
}

func (r *reply) send(w io.Writer) {
	if r.cause != nil {
		r.body = append(r.body, r.cause.Error()...)
	}
	w.Write(r.body)
	replies.Put(r)
}

func Refuse(w io.Writer, err error) { newReply(403).because(err).send(w) }

func Accept(w io.Writer) { newReply(200).send(w) }

// How many keys a set has depends on those of its last user, if they are not cleared.

var seenLines = sync.Pool{New: func() any { return make(map[string]bool) }}

func DistinctLines(text string) int {
	lines := seenLines.Get().(map[string]bool)
	defer seenLines.Put(lines)
	clear(lines)
	for l := range strings.Lines(text) {
		lines[l] = true
	}
	return len(lines)
}
