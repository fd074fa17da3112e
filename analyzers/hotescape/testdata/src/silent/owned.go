package silent

import "net/http"

type rowSet struct {
	rows [200 << 10]byte
	n    int
}

func (t *rowSet) fill(b []byte) { t.n += copy(t.rows[t.n:], b) }

// What is too large for the stack and leaves the function has to be on the heap anyway.
func rowSets(blocks [][]byte) (all []*rowSet) {
	for _, b := range blocks {
		var t rowSet
		t.fill(b)
		all = append(all, &t)
	}
	return all
}

func newRowSet(b []byte) *rowSet {
	var t rowSet
	t.fill(b)
	return &t
}

type answers struct{ last *rowSet }

func (a *answers) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	page := newRowSet([]byte(req.URL.Path))
	var t rowSet
	t.fill([]byte(req.Host))
	a.last = &t
	w.Write(page.rows[:page.n])
}
