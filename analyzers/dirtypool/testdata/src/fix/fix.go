package fix

import (
	"bytes"
	"encoding/json"
	"sync"
)

var pool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func plain(s string) string {
	b := pool.Get().(*bytes.Buffer) // want `previous user's data`
	defer pool.Put(b)
	b.WriteString(s)
	return b.String()
}

func inBranch(s string) (out string) {
	if s != "" {
		b := pool.Get().(*bytes.Buffer) // the comment stays // want `previous user's data`
		b.WriteString(s)
		out = b.String()
		pool.Put(b)
	}
	return out
}

type msg struct{ ID, Text string }

func (m *msg) Reset() { *m = msg{} }

var msgs = sync.Pool{New: func() any { return new(msg) }}

func decode(body []byte) (string, error) {
	m := msgs.Get().(*msg) // want `previous user's fields ID and Text`
	defer msgs.Put(m)
	if err := json.Unmarshal(body, m); err != nil {
		return "", err
	}
	return m.ID + m.Text, nil
}

// New sets a field that Reset would clear: no fix.

var texts = sync.Pool{New: func() any { return &msg{Text: "none"} }}

func decodeText(body []byte) (string, error) {
	m := texts.Get().(*msg) // want `previous user's fields ID and Text`
	defer texts.Put(m)
	if err := json.Unmarshal(body, m); err != nil {
		return "", err
	}
	return m.ID + m.Text, nil
}

// The object has no name yet where it comes from: no fix.

func get() *bytes.Buffer { return unnamed.Get().(*bytes.Buffer) }

var unnamed = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func use(s string) string {
	var b *bytes.Buffer
	if b = get(); b != nil { // want `previous user's data`
		b.WriteString(s)
	}
	defer unnamed.Put(b)
	return b.String()
}
