package made

import "fmt"

// What becomes part of a message is read.

type entry struct{ name, value string }

type reply struct {
	entries []entry
	keys    []string
	slots   []entry
}

func newReply(n int) *reply {
	return &reply{entries: make([]entry, n), keys: make([]string, 0, n), slots: make([]entry, n)} // want `entries is made with n zero elements`
}

func (r *reply) put(name, value string) {
	r.entries = append(r.entries, entry{name, value})
	r.keys = append(r.keys, name)
	r.slots = append(r.slots, entry{name, value})
}

func (r *reply) message() map[string]any {
	return map[string]any{"entries": r.entries, "keys": r.keys}
}

func (r *reply) print() { fmt.Println([]any{r.entries, len(r.slots)}...) }

// Somebody else may have these, by their own type.
func (r *reply) share() map[string][]entry { return map[string][]entry{"slots": r.slots} }
