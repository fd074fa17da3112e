package untrusted

import (
	"encoding/json"
	"net/http"
)

// A method that corrects what was decoded, or refuses it.

type lookup struct {
	Words []string `json:"words"`
	Most  int      `json:"most"`
}

func (s *lookup) correct() {
	s.Most = max(1, min(s.Most, 200))
}

func searchCorrected(w http.ResponseWriter, r *http.Request) {
	var s lookup
	if json.NewDecoder(r.Body).Decode(&s) != nil {
		return
	}
	s.correct()
	hits := make([]string, 0, s.Most)
	json.NewEncoder(w).Encode(append(hits, s.Words...))
}

// It does not help before the input is there, nor where nobody calls it.

func searchUncorrected(w http.ResponseWriter, r *http.Request) {
	var s lookup
	if json.NewDecoder(r.Body).Decode(&s) != nil {
		return
	}
	hits := make([]string, 0, s.Most) // want `s.Most comes from Decoder.Decode and has no upper bound`
	json.NewEncoder(w).Encode(append(hits, s.Words...))
}
