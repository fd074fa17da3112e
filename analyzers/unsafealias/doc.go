// Package unsafealias defines a check for memory that unsafe code shares for too long.
//
// # Analyzer unsafealias
//
// unsafealias: shared memory that is written, reused or unmapped
//
// A string that unsafe makes of bytes without a copy is those bytes. If they are written
// again while the string is in use, it changes: a key of a map is no longer found, and an
// answer is that of another request (modified).
//
//	func wrongCount(r io.Reader) map[string]int {
//		words := make(map[string]int)
//		lines := bufio.NewScanner(r)
//		for lines.Scan() {
//			b := lines.Bytes()
//			words[unsafe.String(unsafe.SliceData(b), len(b))]++ // the next Scan overwrites the key
//		}
//		return words
//	}
//
//	func rightCount(r io.Reader) map[string]int {
//		words := make(map[string]int)
//		lines := bufio.NewScanner(r)
//		for lines.Scan() {
//			words[string(lines.Bytes())]++
//		}
//		return words
//	}
//
// The other way round, bytes that share memory with a string must not be written:
// everybody who has the string sees it change, and the program crashes if the string is a
// constant (written).
//
//	func wrongLower(s string) string {
//		b := unsafe.Slice(unsafe.StringData(s), len(s))
//		for i, c := range b {
//			b[i] = c | 0x20
//		}
//		return s
//	}
//
// Memory of a mapped file is gone when it is unmapped; whoever touches it crashes the
// program (unmapped). So is what an object lends that holds a mapping, once its method
// Close has unmapped it.
//
//	func wrongHeader(fd int) ([]byte, error) {
//		data, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
//		if err != nil {
//			return nil, err
//		}
//		defer syscall.Munmap(data)
//		return data[:16], nil
//	}
//
//	func rightHeader(fd int) ([]byte, error) {
//		data, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
//		if err != nil {
//			return nil, err
//		}
//		defer syscall.Munmap(data)
//		return bytes.Clone(data[:16]), nil
//	}
//
// A list without locks that pops by compare-and-swap relies on nodes not coming back
// while somebody looks at them. The collector sees to that; a sync.Pool of nodes does
// not, nor does a list, slice or channel of free nodes that get back into the list (aba),
// by those who call for one from other packages, too.
//
//	func (l *list) wrongPop() *node {
//		for {
//			old := l.head.Load()
//			if old == nil {
//				return nil
//			}
//			if l.head.CompareAndSwap(old, old.next) { // old may be back, with another next
//				return old
//			}
//		}
//	}
//
// Functions that convert without a copy are known by what they do, in the package and in
// other packages of the module; so are methods of the package that lend what they read into a
// field, which their next call begins anew.
//
// Not reported: bytes that nobody writes after the conversion, that are written beyond the
// string, or made anew before; strings that are only looked at before the write; bytes
// of fields that a later call writes, unless the string is kept in another field or
// package variable that this call does not touch; memory of a sync.Pool, which poolalias
// reports; strings that were made on the spot and that nobody else has.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	return unsafe.String(&buf[0], n) //nolint:unsafealias // valid until the next call
package unsafealias
