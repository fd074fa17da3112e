// Package wire has messages that other packages keep in pools.
package wire

import "unsafe"

// Msg is a message whose memory is used again.
type Msg struct {
	buf  []byte
	name []byte
}

func (m *Msg) Reset()          { m.buf = m.buf[:0] }
func (m *Msg) Append(s string) { m.buf = append(m.buf, s...) }
func (m *Msg) Payload() []byte { return m.buf }     // want Payload:`poolalias: result 0 is memory of param 0`
func (m *Msg) Rest() []byte    { return m.buf[4:] } // want Rest:`poolalias: result 0 is memory of param 0`
func (m *Msg) Name() []byte    { return m.name }
func (m *Msg) String() string  { return string(m.buf) }

// Alias makes a string of bytes without copying them.
func Alias(b []byte) string { // want Alias:`poolalias: result 0 is memory of param 0`
	return *(*string)(unsafe.Pointer(&b))
}

// Same makes a string of bytes without copying them.
func Same(n int, b []byte) string { // want Same:`poolalias: result 0 is memory of param 1`
	return unsafe.String(unsafe.SliceData(b), n)
}

var empty = "-"

// Other returns something else.
func Other(b []byte) string {
	return unsafe.String(unsafe.StringData(empty), len(b))
}
