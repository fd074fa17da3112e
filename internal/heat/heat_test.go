package heat

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/google/pprof/profile"
)

// sample builds a profile of three samples: f allocates 30 of 100 itself, by way of
// package strings, and g the rest, in a function literal.
func sample(t *testing.T) []byte {
	t.Helper()
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "alloc_objects", Unit: "count"}, {Type: "alloc_space", Unit: "bytes"}},
	}
	at := func(name, file string, line int64) *profile.Location {
		f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name, Filename: file}
		l := &profile.Location{ID: uint64(len(p.Location) + 1), Line: []profile.Line{{Function: f, Line: line}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		return l
	}
	repeat := at("strings.Repeat", "/go/src/strings/strings.go", 10)
	f := at("example.com/m/p.f", "/home/x/m/p/f.go", 20)
	lit := at("example.com/m/p.(*T[...]).g.func1.2", "/home/x/m/p/g.go", 30)
	main := at("main.main", "/home/x/m/main.go", 5)
	for _, s := range []struct {
		stack          []*profile.Location
		objects, space int64
	}{
		{[]*profile.Location{repeat, f, main}, 90, 30},
		{[]*profile.Location{lit, f, main}, 5, 20},
		{[]*profile.Location{lit, main}, 5, 50},
	} {
		p.Sample = append(p.Sample, &profile.Sample{Location: s.stack, Value: []int64{s.objects, s.space}})
	}
	var buf bytes.Buffer
	if err := p.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func Test(t *testing.T) {
	m, err := Parse(sample(t), "")
	if err != nil {
		t.Fatal(err)
	}
	if m.Kind != "alloc_space" {
		t.Errorf("Kind = %q", m.Kind)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s = %v, want %v", what, got, want)
		}
	}
	near("f itself", m.Funcs["example.com/m/p.f"], 0.3)
	near("g with its literal", m.Funcs["example.com/m/p.(*T).g"], 0.7)
	near("the line of f", m.Share("/elsewhere/m/p/f.go", 19, 21), 0.5)
	near("the line of g", m.Share("/elsewhere/m/p/g.go", 30, 30), 0.7)
	near("a line that is not there", m.Share("/elsewhere/m/p/g.go", 31, 31), 0)
	if got := m.Hot(0.5); !slices.Equal(got, []string{"example.com/m/p.(*T).g"}) {
		t.Errorf("Hot(0.5) = %q", got)
	}
}

func TestKinds(t *testing.T) {
	if m, err := Parse(sample(t), "alloc_objects"); err != nil || math.Abs(m.Funcs["example.com/m/p.f"]-0.9) > 1e-9 {
		t.Errorf("alloc_objects: %v, %v", m, err)
	}
	for _, kind := range []string{"cpu"} {
		if _, err := Parse(sample(t), kind); err == nil {
			t.Errorf("%s: no error", kind)
		}
	}
	if _, err := Parse([]byte("nonsense"), ""); err == nil {
		t.Error("nonsense: no error")
	}
}
