// Package needlesscopy finds strings and bytes that are copied, or formatted, for nothing.
//
// # Analyzer needlesscopy
//
// needlesscopy: find strings and bytes copied for nothing
//
// A string that is formatted, converted, split or joined is a new allocation and a copy
// of its bytes. This check finds those that a neighbouring function does without, where
// they repeat: in loops and in functions that are called in loops or marked hot. What
// the compiler makes free is not reported: it is asked.
//
// Numbers formatted by package fmt (format-number): 2 allocations; 1 after the change.
//
//	// WRONG
//	func keys(ids []int) (n int) {
//		for _, id := range ids {
//			n += len(fmt.Sprintf("%d", id)) // fmt.Sprintf puts id into an interface to format it …
//		}
//		return n
//	}
//
//	// RIGHT
//	func keysOf(ids []int) (n int) {
//		for _, id := range ids {
//			n += len(strconv.Itoa(id))
//		}
//		return n
//	}
//
// Strings that are formatted into themselves (format-string): 2 allocations; none after
// the change. Strings joined by package fmt (format-concat): 3; 1 after the change. Of
// these only -all tells, and in functions that you mark hot or a profile names, since
// fmt is often easier to read.
//
//	// WRONG
//	//heapvet:hot
//	func count(m map[string]int, pairs [][2]string) {
//		for _, p := range pairs {
//			m[fmt.Sprintf("%s:%s", p[0], p[1])]++ // fmt.Sprintf puts p[0] and p[1] into interfaces to join them …
//		}
//	}
//
//	// RIGHT
//	func countPairs(m map[string]int, pairs [][2]string) {
//		for _, p := range pairs {
//			m[p[0]+":"+p[1]]++
//		}
//	}
//
// Strings made to be appended or written (append-format, write-format, write-bytes):
// 1 allocation each; none after the change.
//
//	// WRONG
//	func write(w io.Writer, lines []string, b []byte) []byte {
//		for i, line := range lines {
//			b = append(b, strconv.Itoa(i)...) // strconv.Itoa makes a string on every iteration …
//			w.Write([]byte(line))             // line is copied to the heap on every iteration …
//		}
//		return b
//	}
//
//	// RIGHT
//	func writeStrings(w io.Writer, lines []string, b []byte) []byte {
//		for i, line := range lines {
//			b = strconv.AppendInt(b, int64(i), 10)
//			io.WriteString(w, line)
//		}
//		return b
//	}
//
// A string that grows in a loop is copied as a whole each time (concat-loop): 100 parts
// of 10 bytes, 99 allocations of 50 KB; 1 of 1 KB after the change.
//
//	// WRONG
//	func join(parts []string) string {
//		s := ""
//		for _, p := range parts {
//			s += p // s is copied as a whole on every iteration …
//		}
//		return s
//	}
//
//	// RIGHT
//	func joined(parts []string) string {
//		return strings.Join(parts, "")
//	}
//
// The others: slices joined by two appends (append-append); a string split into a slice
// that is only ranged over, counted, or of which the first element is taken (split);
// bytes that become a string only for package strings to look at them
// (string-of-bytes); bytes that become the key of a map that has it already (map-put);
// names of headers that are not in canonical form (header-key); numbers read and
// written through an interface by encoding/binary (binary); a text formatted for a level of
// a logger that is off as a rule, log.Debug(fmt.Sprintf(…)) (log-format: 100 lines that nobody
// reads, 200 allocations; 0 after the change); keys of maps put together from strings (map-key,
// only with -all and in functions marked hot).
//
// Most findings have a fix. It is left out where it would change what is evaluated when,
// make an empty slice nil, or lose a comment.
//
// Not reported: code that runs once or only when something failed; values of types with
// methods that package fmt calls; comparisons, lookups and loops that the compiler
// makes without a copy: string(a) == string(b), m[string(b)], switch string(b),
// range []byte(s), append(b, s...), buf.Write([]byte(s)) on a *bytes.Buffer. With -all, code outside loops is reported, too.
//
// To silence it, mark the function //heapvet:cold, or write //nolint:needlesscopy on
// the line, or //lint:ignore needlesscopy with a reason above it.
package needlesscopy
