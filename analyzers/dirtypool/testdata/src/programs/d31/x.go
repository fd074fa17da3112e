// Package d31: time and pointers, conditional fields, select on kinds.
package d31

import (
	"fmt"
	"sync"
	"time"
)

type Rec struct {
	When   time.Time
	Level  int
	Msg    string
	Caller string
	Attrs  map[string]any
}

var recs = sync.Pool{New: func() any { return &Rec{Attrs: map[string]any{}} }}

type Logger struct{ addCaller bool }

func (l *Logger) Log(level int, msg string, kv ...any) {
	r := recs.Get().(*Rec) // want `the \*Rec from recs may still hold its previous user.s fields Caller and Attrs: it is reset neither after this Get nor before its Put`
	r.When = time.Now()
	r.Level = level
	r.Msg = msg
	if l.addCaller {
		r.Caller = "x"
	}
	for i := 0; i+1 < len(kv); i += 2 {
		r.Attrs[fmt.Sprint(kv[i])] = kv[i+1]
	}
	l.write(r)
	recs.Put(r)
}

func (l *Logger) write(r *Rec) {
	fmt.Println(r.When, r.Level, r.Msg)
	if r.Caller != "" {
		fmt.Println("at", r.Caller)
	}
	for k, v := range r.Attrs {
		fmt.Println(k, v)
	}
}
