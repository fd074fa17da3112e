package a

import "bytes"

// Whether the text is long says nothing of whose the buffer is.
func rendered(out *bytes.Buffer, text []byte) []byte {
	long := false
	if len(text) > 16 {
		long = true
	}
	if out == nil {
		out = bufPool.Get().(*bytes.Buffer)
		defer bufPool.Put(out)
	}
	out.Write(text)
	if long {
		return out.Bytes() // want `the returned \[\]byte shares memory with`
	}
	return bytes.Clone(out.Bytes())
}
