// Package d27: token bucket scanner state.
package d27

import "sync"

type scanner struct {
	in  string
	pos int
	tok []string
}

var scanners = sync.Pool{New: func() any { return new(scanner) }}

func Scan(in string) []string {
	s := scanners.Get().(*scanner)
	defer scanners.Put(s) // want `\*scanner goes back to scanners with field pos still set, which its next user reads`
	s.in = in
	s.tok = nil
	for s.pos < len(s.in) {
		start := s.pos
		for s.pos < len(s.in) && s.in[s.pos] != ' ' {
			s.pos++
		}
		s.tok = append(s.tok, s.in[start:s.pos])
		s.pos++
	}
	return s.tok
}
