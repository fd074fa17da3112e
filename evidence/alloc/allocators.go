package alloc

import (
	_ "embed"
	"strconv"
	"strings"
)

// A Kind says what a call into the runtime allocates.
type Kind int

const (
	Value   Kind = iota + 1 // a variable, &T{}, new(T), a function literal, an array of known size
	Slice                   // make([]T, n)
	Growth                  // the larger array behind an append
	Map                     // make(map[K]V)
	MapSlot                 // room in a map for one more key
	Chan                    // make(chan T)
	Box                     // the copy of a value in an interface
	Concat                  // a string made of others
	Text                    // a conversion between strings and slices
	Defer                   // the record of a deferred call in a loop
	Go                      // a goroutine
)

// allocators are the functions of the runtime that compiled code calls and that
// allocate, by the beginnings of their names. Go 1.27 has newobject and its kin
// in many variants by size.
var allocators = []struct {
	prefix string
	kind   Kind
}{
	{"newobject", Value}, {"mallocgc", Value}, {"newarray", Slice},
	{"makeslice", Slice},
	{"growslice", Growth}, {"moveSlice", Growth},
	{"makemap", Map}, {"mapassign", MapSlot},
	{"makechan", Chan},
	{"convT", Box},
	{"concatstring", Concat}, {"concatbyte", Concat},
	{"slicebytetostringtmp", 0}, {"slicebytetostring", Text}, {"slicerunetostring", Text},
	{"stringtoslice", Text}, {"intstring", Text},
	{"deferprocStack", 0}, {"deferproc", Defer}, {"deferrangefunc", Defer},
	{"newproc", Go},
}

// kindOf returns what the named function allocates, if it is one of the runtime's
// allocators.
func kindOf(symbol string) (Kind, bool) {
	name, ok := strings.CutPrefix(symbol, "runtime.")
	if !ok {
		return 0, false
	}
	for _, a := range allocators {
		if strings.HasPrefix(name, a.prefix) {
			return a.kind, a.kind != 0
		}
	}
	return 0, false
}

// String says what is allocated, in words that follow "allocates".
func (k Kind) String() string {
	switch k {
	case Value:
		return "a value"
	case Slice:
		return "a slice"
	case Growth:
		return "a larger array for an append"
	case Map:
		return "a map"
	case MapSlot:
		return "room in a map that grows"
	case Chan:
		return "a channel"
	case Box:
		return "the copy of a value in an interface"
	case Concat:
		return "a string for a concatenation"
	case Text:
		return "a copy in a conversion between string and slice"
	case Defer:
		return "the record of a deferred call"
	case Go:
		return "a goroutine"
	}
	return "memory"
}

// The functions of the runtime that object files refer to by number, for each
// release: go run ./internal/gen builtins.
var (
	//go:embed go1.26.txt
	builtins26 string
	//go:embed go1.27.txt
	builtins27 string

	builtins = map[int]string{26: builtins26, 27: builtins27}
)

// minor returns 26 for "go1.26.8"; 0 if it makes no sense.
func minor(release string) int {
	rest, ok := strings.CutPrefix(release, "go1.")
	if !ok {
		return 0
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || '9' < r })
	if end < 0 {
		end = len(rest)
	}
	n, _ := strconv.Atoi(rest[:end])
	return n
}
