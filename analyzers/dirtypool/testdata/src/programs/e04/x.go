// Package e04: pooled form with validation errors map[string]string.
package e04

import (
	"encoding/json"
	"io"
	"sync"
)

type form struct {
	Name   string `json:"name"`
	Age    int    `json:"age"`
	errors map[string]string
}

var forms = &sync.Pool{New: func() any { return &form{errors: map[string]string{}} }}

func (f *form) check() {
	if f.Name == "" {
		f.errors["name"] = "missing"
	}
	if f.Age < 18 {
		f.errors["age"] = "too young"
	}
}

func Parse(r io.Reader) (map[string]string, error) {
	f := forms.Get().(*form)
	defer func() { // want `\*form goes back to forms with field errors still set, which its next user reads`
		f.Name, f.Age = "", 0
		forms.Put(f)
	}()
	if err := json.NewDecoder(r).Decode(f); err != nil {
		return nil, err
	}
	f.check()
	out := make(map[string]string, len(f.errors))
	for k, v := range f.errors {
		out[k] = v
	}
	return out, nil
}
