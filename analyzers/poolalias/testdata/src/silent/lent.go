package silent

import (
	"bytes"
	"slices"
)

// A caller may bring a buffer of its own, and gets it back as it is.

type source interface{ each(func(any) bool) }

type owner interface{ Buffer(hint int) []byte }

func render(from source, text []byte) []byte {
	var (
		out *bytes.Buffer
		own bool
	)
	from.each(func(x any) bool {
		if o, ok := x.(owner); ok {
			b := o.Buffer(len(text))
			out = bytes.NewBuffer(b[:0])
			own = true
			return true
		}
		return false
	})
	if out == nil {
		out = bufPool.Get().(*bytes.Buffer)
		out.Reset()
		defer bufPool.Put(out)
	}
	if len(text) > 16 {
		var dst []byte
		if own {
			dst = out.Bytes()
		}
		return expand(dst, text)
	}
	out.Write(text)
	if own {
		return out.Bytes()
	}
	return slices.Clone(out.Bytes())
}

func expand(dst, text []byte) []byte { return append(dst, bytes.ToUpper(text)...) }

func renderTo(o owner, text []byte) []byte {
	var out *bytes.Buffer
	own := false
	if o != nil {
		out, own = bytes.NewBuffer(o.Buffer(len(text))), true
	}
	if out == nil {
		out = bufPool.Get().(*bytes.Buffer)
		defer bufPool.Put(out)
	}
	out.Write(text)
	if own {
		return out.Bytes()
	}
	return slices.Clone(out.Bytes())
}
