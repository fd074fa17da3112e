package found

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

// How many keys a set has depends on those of its last user.

var seenWords = sync.Pool{New: func() any { return make(map[string]bool) }}

func Vocabulary(text string) int {
	words := seenWords.Get().(map[string]bool) // want `the map\[string\]bool from seenWords may still hold its previous user's data`
	defer seenWords.Put(words)
	for w := range strings.FieldsSeq(text) {
		words[w] = true
	}
	return len(words)
}

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

// Only some users set a callback.

type parcel struct {
	to     string
	placed func(string)
}

var parcels = sync.Pool{New: func() any { return new(parcel) }}

func (p *parcel) clear() { // want `\(\*parcel\).clear leaves field placed set`
	p.to = ""
}

// OnPlaced is called with the place of the parcel.
func (p *parcel) OnPlaced(f func(string)) { p.placed = f }

func Wrap(to string) *parcel {
	p := parcels.Get().(*parcel)
	p.to = to
	return p
}

func (p *parcel) Done() {
	p.clear()
	parcels.Put(p)
}

func place(p *parcel) {
	if p.placed != nil {
		p.placed(p.to)
	}
	p.Done()
}

func PlaceAt(to string) {
	p := Wrap(to)
	place(p)
}
