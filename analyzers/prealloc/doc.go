// Package prealloc defines an Analyzer that finds slices, maps and text that
// grow, step by step, to a size that is known before the first step.
//
// # Analyzer prealloc
//
// prealloc: slice or map grows in a loop of known length
//
// A slice that grows by append is copied into a new array each time it outgrows
// the old one. A hundred strings cost 6 allocations and 4416 bytes that way, and
// 1 allocation of 1792 bytes with the right capacity from the start. A map that
// outgrows its table inserts all of its keys again: a hundred keys cost 11
// allocations and 9368 bytes, against 4 and 4952 with a size hint.
//
// A strings.Builder is copied as a slice is: 100 pieces of 10 bytes cost 8
// allocations and 3312 bytes, against 1 of 1024.
//
// Where a loop adds the same number of elements in each iteration, and the
// number of iterations is known before it starts, the room can be reserved
// first. For a slice that starts as nil, slices.Grow does that without changing
// its meaning: reserving nothing leaves it nil. A slice or map that starts empty
// is made with its capacity right away:
//
//	// WRONG
//	func names(users []*User) []string {
//		var list []string // list grows by append to len(users) elements of 16 bytes, and is copied about log2(len(users)) times on the way; reserve len(users) before the loop
//		for _, u := range users {
//			list = append(list, u.Name)
//		}
//		return list
//	}
//
//	func byID(users []*User) map[int]*User {
//		m := make(map[int]*User) // m receives len(users) keys one by one and is rehashed each time it outgrows its table; make it with room for len(users)
//		for _, u := range users {
//			m[u.ID] = u
//		}
//		return m
//	}
//
//	func squares(n int) (list []int) { // list grows by append to n elements of 8 bytes, and is copied about log2(n) times on the way; reserve max(0, n) before the loop
//		for i := range n {
//			list = append(list, i*i)
//		}
//		return list
//	}
//
//	func join(pages [][]*User) []*User {
//		var all []*User // all grows by append of all the slices in pages, and is copied each time it outgrows its array; slices.Concat(pages...) makes it in one step
//		for _, page := range pages {
//			all = append(all, page...)
//		}
//		return all
//	}
//
//	func ids(users map[int]*User) []int {
//		return slices.Collect(maps.Keys(users)) // slices.Collect does not know that there are len(users) elements, and copies them about log2(len(users)) times; slices.AppendSeq to a slice with that room makes it in one step
//	}
//
//	func rule(width int, mark string) string {
//		var b strings.Builder // b grows to width*len(mark) bytes piece by piece, and is copied each time it outgrows its buffer; call b.Grow(max(0, width)*len(mark)) before the loop
//		for range width {
//			b.WriteString(mark)
//		}
//		return b.String()
//	}
//
//	// RIGHT
//	func namesGrown(users []*User) []string {
//		var list []string
//		list = slices.Grow(list, len(users))
//		for _, u := range users {
//			list = append(list, u.Name)
//		}
//		return list
//	}
//
//	func byIDSized(users []*User) map[int]*User {
//		m := make(map[int]*User, len(users))
//		for _, u := range users {
//			m[u.ID] = u
//		}
//		return m
//	}
//
//	func squaresGrown(n int) (list []int) {
//		list = slices.Grow(list, max(0, n))
//		for i := range n {
//			list = append(list, i*i)
//		}
//		return list
//	}
//
//	func joined(pages [][]*User) []*User {
//		return slices.Concat(pages...)
//	}
//
//	func idsSized(users map[int]*User) []int {
//		return slices.AppendSeq(slices.Grow([]int(nil), len(users)), maps.Keys(users))
//	}
//
//	func ruleGrown(width int, mark string) string {
//		var b strings.Builder
//		b.Grow(max(0, width) * len(mark))
//		for range width {
//			b.WriteString(mark)
//		}
//		return b.String()
//	}
//
// The suggested fixes do this. They never evaluate a call a second time, never
// reserve a number that could be negative, and never turn nil into empty.
// Where the conditions before a loop show that a number is not negative, there
// is no max. Loops in loops that always add the same number are counted too, and so is
// what statements after the loop add to the same slice. Where the pieces of a text, or
// the slices that are appended one after the other, differ in length, their lengths can
// be added up in a loop before, or strings.Join does it all: then there is no fix, but
// the advice. What a call returns is to be kept in a variable first. Advice that takes
// more than to write down a number, as these two, is given where something shows that
// the loop runs often: in handlers, and where loops lead to it. Room for a few is like
// none where the number is known: make([]T, 0, 4) is a guess.
//
// # Not reported
//
// Slices are reported only if the compiler says that their elements are on the
// heap, or if they are too large for the small buffer that it keeps on the
// stack. Nothing is reported where a reservation is a guess: loops that skip
// elements or stop early other than with an error; numbers that may come from
// input, or that an error in the loop may prove wrong, and numbers that are set
// for the whole program; unsigned differences, which wrap around; text whose
// pieces are computed or printed; reused buffers; sets and counters in maps, whose
// keys may repeat, unless the map is there only to be asked for keys; elements of a type parameter
// that become keys; maps that
// several loops fill; fields of parameters that other code fills too.
//
// Nor where it is not worth a line: up to 8 elements or 64 bytes of text; lists of
// errors, and what is made of them; lists that are short by what they are, such as variadic arguments,
// headers, enumerations, children in a tree, parts of parts, tables written into the
// program, fields with the tag of a configuration, and what functions that are given
// Go syntax gather; loops whose iterations do input and output, take a context, open
// something or start goroutines; loops in functions of more than 50 lines that
// nothing calls often; lists in a method String; tests, and what is handed a test;
// what is said about an error; packages that read a command line and serve nobody; code that runs
// once, such as init, main and what only they call, behind a constant that is false,
// and a field that is filled once from another of its object, functions whose name
// begins with provision, setup, configure, bootstrap or register, what a constructor, New
// or NewServer, keeps in its object, and lists that are a field of a type whose name ends
// in Config, Conf, Options, Opts or Settings, where nothing shows that the code runs often;
// and packages with a part of their path that ends in config or bootstrap, or is cmd, conf,
// fake, mock or testutil.
//
// Of generic functions that their package does not use, which have no verdict, only
// what they return is reported. Loops over functions other than the iterators of
// packages maps and slices are silent. With the flag -prealloc.all, small, slow and cold loops, fields of
// parameters and sets are reported too.
//
// # To silence it
//
// Put this on its line or on the line above:
//
//	//nolint:prealloc // rarely more than a handful
package prealloc
