// Package leakprofile reads the profiles that the Go runtime writes of goroutines
// that are blocked forever: runtime/pprof's "goroutineleak".
package leakprofile

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A Frame is one call on the stack of a goroutine, or the go statement that started it.
type Frame struct {
	Func string // with the path of its package: "example.com/m/p.(*T).f.func1"
	File string // as the compiler recorded it, slash-separated
	Line int
}

// Package returns the import path of the package of the function; that of a
// command is "main".
func (f Frame) Package() string {
	slash := strings.LastIndexByte(f.Func, '/') + 1
	name, _, _ := strings.Cut(f.Func[slash:], ".")
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain // dots of the last element are escaped
	}
	return f.Func[:slash] + name
}

// inRuntime reports whether the frame belongs to what a blocked operation consists of.
func (f Frame) inRuntime() bool {
	switch path := f.Package(); path {
	case "runtime", "sync", "internal/sync":
		return true
	default:
		return strings.HasPrefix(path, "runtime/") || strings.HasPrefix(path, "internal/runtime/")
	}
}

// A Leak is what goroutines that are blocked forever at the same place have in common.
type Leak struct {
	Stack   []Frame // from the blocked operation outwards, without the runtime
	Reason  string  // what they wait in, such as "chan send"; "" if unknown
	Creator Frame   // the go statement; zero if unknown
	Count   int     // goroutines
}

// ErrNotLeaks says that a file is something else than a profile of leaked goroutines.
var ErrNotLeaks = errors.New("not a goroutine leak profile")

// Parse reads a profile: in the format of pprof, compressed or not, or the text of
// debug=2. The leaks are in a stable order, those of most goroutines first.
func Parse(data []byte) ([]*Leak, error) {
	var leaks []*Leak
	var err error
	switch text := strings.TrimSpace(string(data[:min(len(data), 1<<10)])); {
	case text == "":
		return nil, fmt.Errorf("%w: the file is empty", ErrNotLeaks)
	case countProfile.MatchString(text):
		kind := countProfile.FindStringSubmatch(text)[1]
		return nil, fmt.Errorf("%w: it is the %s profile as text of debug=1, without states", ErrNotLeaks, kind)
	case strings.HasPrefix(text, "goroutine "):
		leaks = parseText(string(data))
	case strings.HasPrefix(text, "Unknown profile"):
		return nil, fmt.Errorf(`%w: the server answered "Unknown profile"`, ErrNotLeaks)
	default:
		leaks, err = parseProto(data)
	}
	return merge(leaks), err
}

var countProfile = regexp.MustCompile(`^(\w+)(?: profile)?: total \d+`)

// merge adds up what is blocked at the same place.
func merge(leaks []*Leak) []*Leak {
	var merged []*Leak
	seen := make(map[string]*Leak)
	for _, l := range leaks {
		key := fmt.Sprint(l.Stack, l.Reason, l.Creator)
		if same := seen[key]; same != nil {
			same.Count += l.Count
			continue
		}
		seen[key] = l
		merged = append(merged, l)
	}
	slices.SortStableFunc(merged, func(a, b *Leak) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(fmt.Sprint(a.Stack), fmt.Sprint(b.Stack)))
	})
	return merged
}

// newLeak cuts the runtime off a stack, and learns from it what is waited for.
func newLeak(stack []Frame, reason string, count int) *Leak {
	n := 0
	for n < len(stack) && stack[n].inRuntime() {
		if reason == "" || strings.HasPrefix(stack[n].Func, "sync.(*") {
			reason = cmp.Or(waits[stack[n].Func], reason)
		}
		n++
	}
	if n == len(stack) {
		n = 0 // nothing but runtime: better than nothing
	}
	return &Leak{Stack: stack[n:], Reason: reason, Count: count}
}

// waits names the operations as the runtime does in tracebacks.
var waits = map[string]string{
	"runtime.chansend1":      "chan send",
	"runtime.chanrecv1":      "chan receive",
	"runtime.chanrecv2":      "chan receive",
	"runtime.selectgo":       "select",
	"runtime.block":          "select (no cases)",
	"sync.(*Mutex).Lock":     "sync.Mutex.Lock",
	"sync.(*RWMutex).Lock":   "sync.RWMutex.Lock",
	"sync.(*RWMutex).RLock":  "sync.RWMutex.RLock",
	"sync.(*WaitGroup).Wait": "sync.WaitGroup.Wait",
	"sync.(*Cond).Wait":      "sync.Cond.Wait",
}
