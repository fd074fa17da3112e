package a

import (
	"os"
	"testing"
)

// A stand-in for tests leaves what it opens to the end of the test.
type fakeStore struct{ names []string }

func newFakeStore(t *testing.T) *fakeStore { return &fakeStore{[]string{t.TempDir()}} }

func (s *fakeStore) size() (n int, err error) {
	buf := make([]byte, 512)
	for _, name := range s.names {
		f, err := os.Open(name)
		if err != nil {
			return 0, err
		}
		k, err := f.Read(buf)
		if err != nil {
			return 0, err
		}
		if err := f.Close(); err != nil {
			return 0, err
		}
		n += k
	}
	return n, nil
}
