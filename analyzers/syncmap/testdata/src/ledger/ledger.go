// Package ledger keeps what other packages tell it.
package ledger

import "sync"

// Ledger knows when each device was seen.
type Ledger struct {
	seen  sync.Map
	names sync.Map
	kinds sync.Map
}

func (l *Ledger) Note(device string, at int64) { // want Note:`stores in seen`
	l.seen.Store(device, at)
}

func (l *Ledger) Each(do func(string, int64)) {
	l.seen.Range(func(k, v any) bool {
		do(k.(string), v.(int64))
		return true
	})
}

// Name is looked up again.
func (l *Ledger) Name(device, name string) { l.names.Store(device, name) }

func (l *Ledger) NameOf(device string) string {
	name, _ := l.names.Load(device)
	return name.(string)
}

// Kind stores what is new only.
func (l *Ledger) Kind(device, kind string) {
	if kind != "" {
		l.kinds.Store(device, kind)
	}
}
