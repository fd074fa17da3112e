// Package unsure has what is reported only on request.
package unsure

import (
	"errors"
	"os"
)

type response struct{ rows []string }

func (r *response) Add(in []string) {
	for _, s := range in {
		r.rows = append(r.rows, s) // want `r.rows grows by append by len\(in\)`
	}
}

// An error would show that the field is no longer nil: no fix.
func (r *response) AddAll(in []string) error {
	for _, s := range in {
		if s == "" {
			return errors.New("empty")
		}
		r.rows = append(r.rows, s) // want `r.rows grows by append by len\(in\)`
	}
	return nil
}

func Set(in []string) map[string]bool {
	m := make(map[string]bool) // want `m receives len\(in\) keys`
	for _, s := range in {
		m[s] = true
	}
	return m
}

func Few() []string {
	var out []string // want `out grows by append to 5 elements of 16 bytes`
	for i := range 5 {
		out = append(out, string(rune(i)))
	}
	return out
}

// Too large to decide without a person: no fix.
func Many() []string {
	var out []string // want `out grows by append to 100000 elements`
	for i := range 100_000 {
		out = append(out, string(rune(i)))
	}
	return out
}

func Files(in []string) (out [][]byte, err error) { // want `out grows`
	for _, name := range in {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

// Silent even so.

func Filter(in []string) (out []string) {
	for _, s := range in {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func Two() []string {
	var out []string
	for i := range 2 {
		out = append(out, string(rune(i)))
	}
	return out
}
