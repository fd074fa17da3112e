package a

import (
	"io"
	"os"
)

// The index is read and closed; the file is for the caller.
func withIndex(dir string) (*os.File, int, error) {
	idx, err := os.Open(dir + "/index")
	if err != nil {
		return nil, 0, err
	}
	defer idx.Close()
	n, err := io.Copy(io.Discard, idx)
	if err != nil {
		return nil, 0, err
	}
	f, err := os.Open(dir + "/data")
	if err != nil {
		return nil, 0, err
	}
	return f, int(n), nil
}

func firstByte(dir string) (byte, error) {
	f, n, err := withIndex(dir) // want `f is never closed`
	if err != nil || n == 0 {
		return 0, err
	}
	var b [1]byte
	_, err = io.ReadFull(f, b[:])
	return b[0], err
}

var lastOpened *os.File

// What is closed is forgotten in a global variable.
func reopen(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(4, io.SeekStart); err != nil {
		f.Close()
		lastOpened = nil
		return nil, err
	}
	lastOpened = f
	return f, nil
}
