package use

import (
	"bytes"
	"fmt"
	"wrap"
)

func dirty(s string) string {
	b := wrap.Get() // want `the \*bytes.Buffer from pool may still hold its previous user's data`
	defer wrap.Put(b)
	b.WriteString(s)
	return b.String()
}

func clean(s string) string {
	b := wrap.GetClean()
	defer wrap.PutClean(b)
	b.WriteString(s)
	return b.String()
}

var dirties = wrap.New(func() *bytes.Buffer { return new(bytes.Buffer) })

func generic(s string) string {
	b := dirties.Get() // want `the \*bytes.Buffer from dirties.p may still hold its previous user's data`
	defer dirties.Put(b)
	b.WriteString(s)
	return b.String()
}

var cleans = wrap.New(func() *bytes.Buffer { return new(bytes.Buffer) })

func genericClean(s string) string {
	b := cleans.Get()
	b.Reset()
	defer cleans.Put(b)
	b.WriteString(s)
	return b.String()
}

func req(tok string) string {
	r := wrap.AcquireReq()
	defer wrap.ReleaseReq(r) // want `\*wrap.Req goes back to reqs with field Token still set, which its next user reads`
	if tok != "" {
		r.Token = tok
	}
	return fmt.Sprint(r.ID, r.Token)
}

// What a type of another package keeps within is for that package to say.
func batch(n int, mark bool) (int, bool) {
	b := wrap.NewBatch("db")
	defer b.Close()
	if mark {
		b.Mark()
	}
	if n > 0 {
		b.Keys = n
	}
	return b.Keys, b.Seen()
}

func join(words []string) string {
	j := wrap.AcquireJoiner() // want `the \*wrap.Joiner from joiners may still hold its previous user.s field parts`
	defer wrap.ReleaseJoiner(j)
	for _, w := range words {
		j.Add(w)
	}
	return j.String()
}
