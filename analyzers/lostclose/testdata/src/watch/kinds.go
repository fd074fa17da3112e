package watch

import (
	"bufio"
	"os"
)

type kind int

const (
	plain kind = iota
	sorted
	compact
)

type index struct{ f *os.File }

type store struct{ ix *index }

func (s *store) load(path string, k kind) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	switch k {
	case plain:
		s.ix = &index{f}
	case sorted, compact:
		if s.ix, err = newIndex(f); err != nil {
			f.Close()
		}
	}
	return err
}

func newIndex(f *os.File) (*index, error) {
	_, err := bufio.NewReader(f).ReadByte()
	return &index{f}, err
}

// Not all kinds are known.
func (s *store) loadSome(path string, k kind) error {
	f, err := os.Open(path) // want `f is not closed`
	if err != nil {
		return err
	}
	switch k {
	case plain:
		s.ix = &index{f}
	case sorted:
		f.Close()
	}
	return err
}

// What is set meanwhile is a field of a global variable.
var last struct {
	err  error
	path string
}

func loaded(path string) error {
	f, err := os.Open(path)
	last.path = path
	last.err = err
	if last.err != nil {
		return last.err
	}
	defer f.Close()
	_, err = f.WriteString(last.path)
	return err
}
