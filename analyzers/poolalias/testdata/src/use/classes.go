package use

import (
	"bytes"
	"io"

	"bufpool"
)

type scanner struct {
	r    io.Reader
	rows bufpool.Classes
	head []byte
	all  []byte
}

func (s *scanner) peek(n int) error {
	row := s.rows.Get(n)
	defer s.rows.Put(row)
	line := *row
	if _, err := io.ReadFull(s.r, line); err != nil {
		return err
	}
	s.head = line[:min(n, 16)] // want `shares memory with row, which goes back to rows.rows when the function returns`
	s.all = bytes.Clone(line)
	return nil
}

// Silent: nobody may have asked for it.

func (s *scanner) kept(n int, askers map[int]bool) {
	row := s.rows.Get(n)
	s.head = *row
	s.rows.Keep(row, askers)
}
