// Package heat reads profiles of Go programs, of what they allocate or where their time
// goes, and tells which functions and lines of their own have which share.
package heat

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// A Map is what a profile says, each share as a fraction of the whole.
type Map struct {
	Kind  string             // what is measured: "alloc_space", "alloc_objects", "cpu", …
	Funcs map[string]float64 // by name, as the profile has it: what the function does itself, or by code of the standard library
	lines map[line]float64   // what happens at the line and in what it calls
}

type line struct {
	file string // last elements of the path
	n    int
}

// Kinds that are looked for if none is asked for, best first.
var kinds = []string{"alloc_space", "cpu"}

// Parse reads a profile in the format of pprof. kind chooses what is counted, by the name
// that the profile has for it; "" takes alloc_space, or cpu, or what there is.
func Parse(data []byte, kind string) (*Map, error) {
	p, err := profile.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("not a profile in the format of pprof: %w", err)
	}
	i := indexOf(p, kind)
	if i < 0 {
		var names []string
		for _, t := range p.SampleType {
			names = append(names, t.Type)
		}
		return nil, fmt.Errorf("the profile has no %s, but %s", kind, strings.Join(names, ", "))
	}
	m := &Map{Kind: p.SampleType[i].Type, Funcs: make(map[string]float64), lines: make(map[line]float64)}
	total := 0.0
	for _, s := range p.Sample {
		v := float64(s.Value[i])
		total += v
		m.add(s, v)
	}
	if total <= 0 {
		return nil, errors.New("the profile is empty")
	}
	for f := range m.Funcs {
		m.Funcs[f] /= total
	}
	for l := range m.lines {
		m.lines[l] /= total
	}
	return m, nil
}

func indexOf(p *profile.Profile, kind string) int {
	is := func(kind string) int {
		return slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == kind })
	}
	if kind != "" {
		return is(kind)
	}
	for _, kind := range kinds {
		if i := is(kind); i >= 0 {
			return i
		}
	}
	return len(p.SampleType) - 1
}

// add counts one sample: for each line on its stack, and for the innermost function that
// is not of the standard library.
func (m *Map) add(s *profile.Sample, v float64) {
	seen := make(map[line]bool)
	own := false
	for _, loc := range s.Location {
		for _, l := range loc.Line {
			if l.Function == nil {
				continue
			}
			at := line{tail(l.Function.Filename), int(l.Line)}
			if !seen[at] {
				seen[at] = true
				m.lines[at] += v
			}
			if name := outer(l.Function.Name); !own && !standard(name) {
				own = true
				m.Funcs[name] += v
			}
		}
	}
}

var (
	literal  = regexp.MustCompile(`(\.func\d+|\.gowrap\d+|\.deferwrap\d+|-range\d+|-fm|\.\d+)+$`)
	typeArgs = regexp.MustCompile(`\[[^\]]*\]`)
)

// outer returns the name of the declared function around a function literal, without
// type arguments.
func outer(name string) string {
	return typeArgs.ReplaceAllString(literal.ReplaceAllString(name, ""), "")
}

// standard reports whether a function is of the standard library.
func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	if first == name {
		first, _, _ = strings.Cut(name, ".")
		return first != "main"
	}
	return !strings.Contains(first, ".")
}

// tail returns the last elements of a path, which are the same wherever the program was built.
func tail(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	base := path.Base(file)
	dir := path.Dir(file)
	return path.Join(path.Base(path.Dir(dir)), path.Base(dir), base)
}

// Share returns the share of lines [from, to] of a file: what is done there and in what
// is called from there.
func (m *Map) Share(file string, from, to int) float64 {
	most := 0.0
	for n := from; n <= max(from, to); n++ {
		most = max(most, m.lines[line{tail(file), n}])
	}
	return most
}

// Hot returns the functions with at least the given share, sorted.
func (m *Map) Hot(share float64) []string {
	var names []string
	for name, s := range m.Funcs {
		if s >= share {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, cmp.Compare[string])
	return names
}
