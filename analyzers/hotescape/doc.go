// Package hotescape finds heap allocations that repeat and that a local change avoids.
//
// # Analyzer hotescape
//
// hotescape: find loops and handlers that allocate needlessly
//
// Each allocation costs some 20 to 100 ns, and again when it is collected. Where it
// happens once per element, per line or per request, it is often the largest cost
// that a small change can remove. This check reports an allocation only if the Go
// compiler says that it is one, the source shows that it repeats, and there is a
// change nearby that avoids it. What the compiler said comes with each finding.
//
// A range variable whose address is taken (range-address). The compiler makes a new
// one on the heap for each element, before the body begins, even if the address is
// taken once at the end of the search: 100 elements, 100 allocations; 1 after the
// change.
//
//	// WRONG
//	func name(users []user, id int) string {
//		var found *user
//		for _, u := range users { // a new u (48 bytes) is allocated on every iteration, …
//			if u.id == id {
//				found = &u
//				break
//			}
//		}
//		if found == nil {
//			return ""
//		}
//		return found.name
//	}
//
//	// RIGHT
//	func nameOf(users []user, id int) string {
//		var found *user
//		for i := range users {
//			if users[i].id == id {
//				found = &users[i]
//				break
//			}
//		}
//		if found == nil {
//			return ""
//		}
//		return found.name
//	}
//
// A buffer that is lent to an io.Reader, an io.Writer or the like
// (interface-buffer). They must not keep it, but the compiler cannot know. 100 words
// read: 102 allocations; 2 after the change.
//
//	// WRONG
//	func sum(r io.Reader) (total uint32) {
//		for {
//			var word [4]byte // word (4 bytes) is allocated on every iteration, …
//			if _, err := io.ReadFull(r, word[:]); err != nil {
//				return total
//			}
//			total += binary.BigEndian.Uint32(word[:])
//		}
//	}
//
//	// RIGHT
//	func sumOf(r io.Reader) (total uint32) {
//		var word [4]byte
//		for {
//			if _, err := io.ReadFull(r, word[:]); err != nil {
//				return total
//			}
//			total += binary.BigEndian.Uint32(word[:])
//		}
//	}
//
// A buffer of 4 KiB or more made for every request (per-call-buffer). For a body of
// 5 bytes, 38,900 bytes allocated; 6,200 after the change.
//
//	// WRONG
//	func upload(w http.ResponseWriter, req *http.Request) {
//		buf := make([]byte, 32<<10) // buf (32 KiB) is allocated on every request, …
//		for {
//			n, err := req.Body.Read(buf)
//			w.Write(buf[:n])
//			if err != nil {
//				return
//			}
//		}
//	}
//
//	// RIGHT
//	var buffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}
//
//	func uploadPooled(w http.ResponseWriter, req *http.Request) {
//		shared := buffers.Get().(*[32 << 10]byte)
//		defer buffers.Put(shared)
//		buf := shared[:]
//		for {
//			n, err := req.Body.Read(buf)
//			w.Write(buf[:n])
//			if err != nil {
//				return
//			}
//		}
//	}
//
// A function literal that captures nothing of the iteration (captured). 100 lists:
// 101 allocations; 2 after the change. This category and boxed are reported only with
// -all and in functions that you mark hot: what is called often costs far more.
//
//	// WRONG
//	//heapvet:hot
//	func count(lists []visitor, limit int) (n int) {
//		for _, l := range lists {
//			l.visit(func(x int) bool { // the function literal is allocated on every iteration, …
//				n++
//				return x < limit
//			})
//		}
//		return n
//	}
//
//	// RIGHT
//	func countOnce(lists []visitor, limit int) (n int) {
//		counter := func(x int) bool {
//			n++
//			return x < limit
//		}
//		for _, l := range lists {
//			l.visit(counter)
//		}
//		return n
//	}
//
// A small struct that is returned by pointer to a loop that only looks at its fields
// (returned-pointer), unless the compiler copies the function into the loop, where it
// costs nothing. 100 calls: 100 allocations; 0 after the change.
//
//	// WRONG
//	func parse(s string) *point {
//		p := strings.SplitN(s, ",", 2)
//		return &point{x: len(p[0]), y: len(p)} // parse allocates its result (16 bytes) on every call, …
//	}
//
//	func area(lines []string) (n int) {
//		for _, line := range lines {
//			p := parse(line)
//			n += p.x * p.y
//		}
//		return n
//	}
//
//	// RIGHT
//	func parseValue(s string) point {
//		p := strings.SplitN(s, ",", 2)
//		return point{x: len(p[0]), y: len(p)}
//	}
//
// A value that is put into an interface where a typed function exists (boxed). 100
// slices of two: 300 allocations; 0 after the change.
//
//	// WRONG
//	//heapvet:hot
//	func order(groups [][]user) {
//		for _, g := range groups {
//			sort.Slice(g, func(i, j int) bool { return g[i].id < g[j].id }) // g is copied to the heap on every iteration …
//		}
//	}
//
//	// RIGHT
//	func orderTyped(groups [][]user) {
//		for _, g := range groups {
//			slices.SortFunc(g, func(a, b user) int { return cmp.Compare(a.id, b.id) })
//		}
//	}
//
// A map of constants that is built only to be looked up in (rebuilt-literal). 100 lookups
// in a map of 10 keys: 200 allocations; 0 after the change.
//
//	// WRONG
//	func score(words []string) (n int) {
//		for _, w := range words {
//			n += map[string]int{ // a map of 9 constant keys is built on every iteration …
//				"a": 1, "b": 3, "c": 3, "d": 2, "e": 1, "f": 4, "g": 2, "h": 4, "i": 1,
//			}[w]
//		}
//		return n
//	}
//
//	// RIGHT
//	var points = map[string]int{
//		"a": 1, "b": 3, "c": 3, "d": 2, "e": 1, "f": 4, "g": 2, "h": 4, "i": 1,
//	}
//
//	func scoreOf(words []string) (n int) {
//		for _, w := range words {
//			n += points[w]
//		}
//		return n
//	}
//
// A variable of more than 128 KiB, or 64 KiB if make or new makes it, is too large for the
// stack (large-value).
//
//	// WRONG
//	func digest(blocks [][]byte) (n int) {
//		for _, b := range blocks {
//			var table [200 << 10]byte // table (200 KiB) is allocated on every iteration, …
//			n += copy(table[:], b)
//		}
//		return n
//	}
//
//	// RIGHT
//	func digestOf(blocks [][]byte) (n int) {
//		var table [200 << 10]byte
//		for _, b := range blocks {
//			clear(table[:])
//			n += copy(table[:], b)
//		}
//		return n
//	}
//
// Small structs are reported that are allocated one by one to fill a local list of
// pointers, of which the function only reads fields (pointer-elements).
//
// Only with -all and in functions that you mark hot or a profile names: lists of pointers
// that leave the function, method values of a receiver that stays the same
// (method-value), channels (per-call-channel), and the values of records of log/slog
// (boxed).
//
// Sharing an element or a buffer is for you to judge: an element must not change while
// the pointer to it is in use, and a buffer that is declared before the loop still holds
// the bytes of the round before. So there are no automatic fixes.
//
// Not reported: code that runs once or only when something failed (init, main,
// sync.Once, error branches, tests, generated files; packages that read a command line
// and serve nobody); loops with a small constant
// number of rounds, loops that wait, do slow work or start a goroutine in each; what
// the compiler keeps off the heap or makes free; and all of a package for which the
// compiler's decisions are not at hand. With -all, and in functions marked
// //heapvet:hot, it also reports what may not be worth the change: function literals,
// sorting through an interface, container/heap and container/list, buffers under a
// condition, addresses of elements that are kept, or given to calls that get a context
// and so wait for others.
//
// To silence it, mark the function //heapvet:cold, or write //nolint:hotescape on
// the line, or //lint:ignore hotescape with a reason above it.
package hotescape
