package leakprofile_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/heapvet/heapvet/internal/leakprofile"
)

const text = `goroutine 1 [running]:
main.main()
	/src/m/cmd/app/main.go:21 +0x19e

goroutine 4 [chan send (leaked), 2 minutes]:
example.com/m/work.First.func1()
	/src/m/work/work.go:12 +0x36
created by example.com/m/work.First in goroutine 1
	/src/m/work/work.go:10 +0x66

goroutine 20 [chan send (leaked)]:
example.com/m/work.First.func1()
	/src/m/work/work.go:12 +0x36
created by example.com/m/work.First in goroutine 18
	/src/m/work/work.go:10 +0x66

goroutine 21 [chan receive]:
example.com/m/work.Second()
	/src/m/work/work.go:20 +0x36
created by main.main in goroutine 1
	/src/m/cmd/app/main.go:20 +0x66

goroutine 5 gp=0xc000 m=nil [sync.RWMutex.Lock (leaked), locked to thread]:
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)
	/usr/local/go/src/runtime/sema.go:95 +0x25
sync.(*Mutex).Lock(...)
	/usr/local/go/src/sync/mutex.go:46
sync.(*RWMutex).Lock(0xc0000)
	/usr/local/go/src/sync/rwmutex.go:146
gopkg.in/box%2ev3.(*Box[...]).second(...)
	C:/src/box/box.go:50
`

func TestText(t *testing.T) {
	for _, in := range []string{text, strings.ReplaceAll(text, "\n", "\r\n")} {
		leaks, err := leakprofile.Parse([]byte(in))
		if err != nil || len(leaks) != 2 {
			t.Fatal(leaks, err)
		}
		first, second := leaks[0], leaks[1]
		at := leakprofile.Frame{Func: "example.com/m/work.First.func1", File: "/src/m/work/work.go", Line: 12}
		by := leakprofile.Frame{Func: "example.com/m/work.First", File: "/src/m/work/work.go", Line: 10}
		if first.Count != 2 || first.Reason != "chan send" || !slices.Equal(first.Stack, []leakprofile.Frame{at}) || first.Creator != by {
			t.Errorf("%+v", first)
		}
		if second.Count != 1 || second.Reason != "sync.RWMutex.Lock" || len(second.Stack) != 1 || second.Stack[0].Line != 50 {
			t.Errorf("%+v", second)
		}
		if pkg := second.Stack[0].Package(); pkg != "gopkg.in/box.v3" {
			t.Errorf("package %s", pkg)
		}
	}
}

// proto returns a profile of one sample with the given stack.
func proto(t *testing.T, kind string, stack ...string) []byte {
	t.Helper()
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: kind, Unit: "count"}},
		Mapping:    []*profile.Mapping{{ID: 1, HasFunctions: true}},
	}
	sample := &profile.Sample{Value: []int64{3}}
	for i, name := range stack {
		fn := &profile.Function{ID: uint64(i + 1), Name: name, Filename: "/src/m/a.go"}
		loc := &profile.Location{ID: uint64(i + 1), Mapping: p.Mapping[0], Line: []profile.Line{{Function: fn, Line: int64(10 + i)}}}
		p.Function, p.Location, sample.Location = append(p.Function, fn), append(p.Location, loc), append(sample.Location, loc)
	}
	p.Sample = []*profile.Sample{sample}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestProto(t *testing.T) {
	for reason, stack := range map[string][]string{
		"chan receive":       {"runtime.gopark", "runtime.chanrecv", "runtime.chanrecv2", "m.f"},
		"sync.RWMutex.RLock": {"runtime.semacquire1", "sync.runtime_SemacquireRWMutexR", "sync.(*RWMutex).RLock", "m.f"},
		"select":             {"runtime.gopark", "runtime.selectgo", "m.f"},
		"":                   {"m.f"},
	} {
		leaks, err := leakprofile.Parse(proto(t, "goroutineleak", stack...))
		if err != nil || len(leaks) != 1 || leaks[0].Reason != reason || leaks[0].Count != 3 || leaks[0].Stack[0].Func != "m.f" {
			t.Errorf("%s: %+v, %v", reason, leaks, err)
		}
	}
}

func TestOtherFiles(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "empty",
		"goroutineleak profile: total 7\n2 @": "debug=1",
		"goroutine profile: total 7\n2 @":     "the goroutine profile",
		"Unknown profile\n":                   "Unknown profile",
		"module m\n":                          "unrecognized",
		string(proto(t, "goroutine", "m.f")):  "it counts goroutine",
	} {
		if _, err := leakprofile.Parse([]byte(in)); !errors.Is(err, leakprofile.ErrNotLeaks) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %s", in, err, want)
		}
	}
}
