// Package parts keeps pieces of what other packages have read.
package parts

import (
	"bytes"
	"helper"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
)

type header struct {
	sig  []byte
	kind string
}

type index struct {
	titles map[string][]byte
	heads  map[string]*header
	first  map[string]string
	list   []*header
	texts  map[string]string
}

var title = regexp.MustCompile(`<title>([^<]+)</title>`)

func (x *index) title(u string, resp *http.Response) error {
	page, err := helper.All(resp)
	if err != nil {
		return err
	}
	if m := title.FindSubmatch(page); m != nil { // want `the match in titles keeps all of what helper.All yields in memory`
		x.titles[u] = m[1]
	}
	return nil
}

func (x *index) titleCopy(u string, resp *http.Response) error {
	page, err := helper.All(resp)
	if err != nil {
		return err
	}
	if m := title.FindSubmatch(page); m != nil {
		x.titles[u] = bytes.Clone(m[1])
	}
	return nil
}

// By way of a new object.

func (x *index) head(name string, r io.Reader) error {
	p, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	h := &header{sig: p[:64], kind: string(p[64:68])} // want `64 bytes in heads keeps all of what io.ReadAll yields in memory`
	x.heads[name] = h
	return nil
}

func (x *index) headCopy(name string, r io.Reader) error {
	p, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	h := &header{kind: string(p[64:68])}
	h.sig = append(h.sig, p[:64]...)
	x.heads[name] = h
	return nil
}

func check(r io.Reader) (bool, error) {
	p, err := io.ReadAll(r)
	if err != nil {
		return false, err
	}
	h := &header{sig: p[:4]}
	return string(h.sig) == "DEPO", nil
}

// Text, trimmed before it is cut.

func (x *index) line(name string) error {
	text, err := helper.Text(name)
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n") // want `the part before the separator in first keeps all of what helper.Text yields`
	x.first[name] = first
	x.texts[name] = strings.Clone(first)
	return nil
}

func (x *index) word(name string) error {
	p, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	x.first[name] = strings.Fields(string(p))[0] // want `one part in first keeps all of what os.ReadFile yields`
	return nil
}

// All of it is kept anyway.

func (x *index) whole(name string) error {
	text, err := helper.Text(name)
	if err != nil {
		return err
	}
	x.texts[name] = text
	first, _, _ := strings.Cut(text, "\n")
	x.first[name] = first
	return nil
}

// Small to begin with.

func (x *index) small(r io.Reader) error {
	p, err := helper.Head(r)
	if err != nil {
		return err
	}
	x.titles["head"] = p[:4]
	return nil
}

// Cut where something is found.

func (x *index) upTo(name string) error {
	text, err := helper.Text(name)
	if err != nil {
		return err
	}
	i := strings.IndexByte(text, '\n')
	if i < 0 {
		return io.ErrUnexpectedEOF
	}
	x.first[name] = text[:i] // want `the part before the separator in first keeps all of what helper.Text yields`
	return nil
}

func (x *index) from(name string) error {
	text, err := helper.Text(name)
	if err != nil {
		return err
	}
	i := strings.IndexByte(text, '\n')
	x.first[name] = text[i+1:]
	return nil
}
