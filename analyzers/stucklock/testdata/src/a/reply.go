package a

import (
	"errors"
	"sync"
)

// A reply has the lock of its wire from the beginning, and a message has a reply, which it gives up once.
type wire struct {
	mu  sync.Mutex
	out []string
}

type reply struct{ wire *wire }

func newReply(w *wire) *reply {
	w.mu.Lock()
	return &reply{wire: w}
}

func (r *reply) end() { r.wire.mu.Unlock() }

func (r *reply) say(text string) error {
	if len(r.wire.out) > 9 {
		return errEnded
	}
	r.wire.out = append(r.wire.out, text)
	return nil
}

type message struct{ reply *reply }

func (w *wire) message(text string) *message {
	r := newReply(w)
	w.out = append(w.out, text)
	return &message{reply: r}
}

var errEnded = errors.New("ended")

func (m *message) close() error {
	if m.reply == nil {
		return errEnded
	}
	err := m.reply.say("over")
	m.reply.end()
	m.reply = nil
	return err
}

func (w *wire) flags(text string) error {
	m := w.message(text)
	return m.close()
}

func (w *wire) gone(text string) {
	r := newReply(w)
	defer r.end()
	w.out = append(w.out, text)
}

func (w *wire) poll(texts []string) error {
	for _, text := range texts {
		if text == "" {
			w.gone("gone")
		} else if err := w.flags(text); err != nil {
			return err
		}
	}
	return nil
}
