// Package poolalias defines an analyzer that reports memory from a sync.Pool
// that has two owners at once.
//
// # Analyzer poolalias
//
// poolalias: pooled memory has two owners at once
//
// What was put back into a sync.Pool belongs to whoever gets it next. Bytes of
// it that are still in use are overwritten in the middle of a response, and an
// object that was put back twice serves two requests at once: data of one user
// reaches another one, as in CVE-2023-45286. Under load only, and the race
// detector sees it only if both happen to meet. A copy of what is kept costs one
// allocation of its size.
//
// The category alias is memory that leaves the function, by return, field, map,
// channel or goroutine, although a Put gives it to the next user.
//
// WRONG:
//
//	func encode(v any) ([]byte, error) {
//		buf := bufPool.Get().(*bytes.Buffer)
//		buf.Reset()
//		defer bufPool.Put(buf)
//		err := json.NewEncoder(buf).Encode(v)
//		return buf.Bytes(), err // the returned []byte shares memory with buf
//	}
//
// RIGHT:
//
//	func encodeRight(v any) ([]byte, error) {
//		buf := bufPool.Get().(*bytes.Buffer)
//		buf.Reset()
//		defer bufPool.Put(buf)
//		err := json.NewEncoder(buf).Encode(v)
//		return bytes.Clone(buf.Bytes()), err
//	}
//
// The category unsafe-string is the same for a string made by package unsafe:
// string(b) is a copy, unsafe.String is not.
//
// WRONG:
//
//	func key(user string, id int) string {
//		bp := keyPool.Get().(*[]byte)
//		defer keyPool.Put(bp)
//		*bp = append(append((*bp)[:0], user...), byte(id))
//		return unsafe.String(unsafe.SliceData(*bp), len(*bp)) // the returned string shares memory with bp
//	}
//
// The category use-after-put is an object that is used on a path on which it
// has been put back.
//
// WRONG:
//
//	func send(w io.Writer, v any) error {
//		buf := bufPool.Get().(*bytes.Buffer)
//		buf.Reset()
//		fmt.Fprint(buf, v)
//		bufPool.Put(buf)
//		_, err := w.Write(buf.Bytes()) // buf is used after it was put back on line 5
//		return err
//	}
//
// The category double-put is an object that is put back twice.
//
// WRONG:
//
//	func check(v any) error {
//		buf := bufPool.Get().(*bytes.Buffer)
//		buf.Reset()
//		defer bufPool.Put(buf)
//		if err := json.NewEncoder(buf).Encode(v); err != nil {
//			bufPool.Put(buf) // buf may be put back twice
//			return err
//		}
//		return nil
//	}
//
// Functions that wrap Get and Put, return memory of their arguments, return
// a function that puts an object back, or lend one to a function literal, are
// looked through, in the package and in other packages of the module.
//
// # Not reported
//
// Copies: bytes.Clone, append to a slice of one's own, string(b), String of a
// buffer. What is handed to functions that are not seen, such as Write. Put
// in a branch that returns, or followed by another Get, or guarded by a flag
// or nil. Goroutines that are waited for, or that put the object back themselves.
// Fields that get other memory before the Put, whose memory no user writes
// again, or that nobody reads after the function. Objects with a count of
// references. Length, capacity and identity of what was put back. A reader or
// writer that takes the place of another one for the time of a call, such as the
// body of a request. Functions with too many paths to look at all of them.
//
// # Fixes
//
// The suggested fix wraps bytes that leave the function in bytes.Clone, and
// deletes a Put that a deferred one repeats. Both keep what the program does when
// nothing overlaps. There is none for use-after-put: moving the Put below the
// last use would change what happens in between.
//
// # To silence it
//
// Where the other owner is known to be done, write //nolint:poolalias with a
// reason at the end of the line, or above it
//
//	//lint:ignore poolalias the caller copies it before it returns
package poolalias
