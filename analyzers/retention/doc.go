// Package retention defines a check for memory that is kept for no use.
//
// # Analyzer retention
//
// retention: memory that is kept for no use
//
// A map, slice or list that lives as long as the process, that each request adds to,
// and that nothing deletes from, grows until the process is killed (grow-only):
//
//	// WRONG
//	type Visits struct {
//		mu   sync.Mutex
//		last map[string]time.Time
//	}
//
//	func (v *Visits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
//		v.mu.Lock()
//		defer v.mu.Unlock()
//		v.last[r.RemoteAddr] = time.Now()
//	}
//
//	// RIGHT
//	type RecentVisits struct {
//		mu   sync.Mutex
//		last map[string]time.Time
//	}
//
//	func (v *RecentVisits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
//		v.mu.Lock()
//		defer v.mu.Unlock()
//		v.last[r.RemoteAddr] = time.Now()
//		for addr, at := range v.last {
//			if time.Since(at) > time.Hour {
//				delete(v.last, addr)
//			}
//		}
//	}
//
// A small piece of a slice or string keeps the array that it is part of (subslice):
//
//	// WRONG
//	var magic []byte
//
//	func readMagic(path string) error {
//		data, err := os.ReadFile(path)
//		if err != nil || len(data) < 8 {
//			return errors.New("no header")
//		}
//		magic = data[:8]
//		return nil
//	}
//
//	// RIGHT
//	func readMagicCopy(path string) error {
//		data, err := os.ReadFile(path)
//		if err != nil || len(data) < 8 {
//			return errors.New("no header")
//		}
//		magic = bytes.Clone(data[:8])
//		return nil
//	}
//
// A slice of pointers that is cut short still has them behind its end, and they keep
// what they point to until something overwrites them (truncated):
//
//	// WRONG
//	func (h *Hub) serveLeave(w http.ResponseWriter, r *http.Request) {
//		h.guests = h.guests[:len(h.guests)-1]
//	}
//
//	// RIGHT
//	func (h *Hub) serveLeaveAndClear(w http.ResponseWriter, r *http.Request) {
//		h.guests[len(h.guests)-1] = nil
//		h.guests = h.guests[:len(h.guests)-1]
//	}
//
// Requests are those of HTTP and gRPC handlers, of interceptors of other frameworks and
// what these call, functions that are given an HTTP request, connections that a loop accepts, the rounds of a ticker, and the
// messages of a channel that is a field. Package variables, and fields of structs with a
// lock, are reported as well if they remember what a function has computed for each
// string that it is called with. With -all, slices are reported that are cut short
// elsewhere, too, and what remembers other keys.
//
// Not reported: places that other packages can get at; what is deleted from, replaced
// or compared in length somewhere in the package; keys of which there are few
// (constants, bools, enumerations, types, the status of an answer, remainders, what a
// switch or a function of the package has brought down to the names that it knows, what
// is computed of such, or keys that were found in another map or a list first, and
// properties of what is in one); objects that are made anew for each request; registries,
// which fail where a name is taken; pieces of unknown size.
//
// The fix wraps a piece in bytes.Clone or strings.Clone where that package is imported.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	v.hits[name]++ //nolint:retention // there are a hundred names
package retention
