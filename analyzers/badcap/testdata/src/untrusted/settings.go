package untrusted

import (
	"errors"
	"net/http"
	"strconv"
)

// Settings of a request, in a struct of the handler's own.

type tileSettings struct {
	width, height int
	scale         int
	rows          int
}

func tile(w http.ResponseWriter, r *http.Request) {
	s := tileSettings{width: 256, height: 256, scale: 1}
	if v := r.FormValue("width"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			http.Error(w, "width", http.StatusBadRequest)
			return
		}
		s.width = n
	}
	pixels := make([]uint32, s.width*s.height) // want `s.width \* s.height comes from Request.FormValue and has no upper bound`
	draw(w, pixels)
}

func tilePointer(w http.ResponseWriter, r *http.Request) {
	s := &tileSettings{height: 16}
	s.height, _ = strconv.Atoi(r.URL.Query().Get("height"))
	draw(w, make([]uint32, s.height)) // want `s.height comes from Values.Get and has no upper bound`
}

// Checked where it is read, afterwards, by a function, or set to something else before it is used.

func tileScaled(w http.ResponseWriter, r *http.Request) {
	s := tileSettings{scale: 1}
	if n, err := strconv.Atoi(r.FormValue("scale")); err == nil && n > 0 && n <= 4 {
		s.scale = n
	}
	draw(w, make([]uint32, s.scale*256))
}

func (s *tileSettings) valid() error {
	if s.rows < 0 || s.rows > 1024 {
		return errors.New("too many rows")
	}
	return nil
}

func tileRows(w http.ResponseWriter, r *http.Request) {
	var s tileSettings
	s.rows, _ = strconv.Atoi(r.FormValue("rows"))
	if err := s.valid(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	draw(w, make([]uint32, s.rows))
}

func tileAfter(w http.ResponseWriter, r *http.Request) {
	s := tileSettings{width: 16}
	pixels := make([]uint32, s.width)
	s.width, _ = strconv.Atoi(r.FormValue("width"))
	draw(w, pixels)
}

type limits struct{ n int }

func tileLimited(w http.ResponseWriter, r *http.Request) {
	l := limits{n: 16}
	l.n, _ = strconv.Atoi(r.FormValue("n"))
	if l.n > 64 || l.n < 0 {
		l.n = 64
	}
	draw(w, make([]uint32, l.n))
}

func draw(http.ResponseWriter, []uint32) {}
