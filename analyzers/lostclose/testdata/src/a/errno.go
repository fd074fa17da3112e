package a

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// A code is an error that is a number.
type code uint16

func (c code) Error() string { return "code" }

func codeOf(err error) code {
	var errno syscall.Errno
	switch {
	case err == nil:
		return 0
	case errors.As(err, &errno):
		return code(errno)
	}
	return 1
}

func openCoded(name string) (*os.File, code) {
	f, err := os.Open(name)
	if err != nil {
		return nil, codeOf(err)
	}
	return f, 0
}

// Who gets a code that is not zero gets no file.
func sizeOf(name string) (int64, code) {
	f, c := openCoded(name)
	if c != 0 {
		return 0, c
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, codeOf(err)
	}
	return info.Size(), 0
}

type wrapped struct{ f fs.File }

func wrap(dir fs.FS, name string) (*wrapped, code) {
	f, err := dir.Open(name)
	if c := codeOf(err); c != 0 {
		return nil, c
	}
	return &wrapped{f}, 0
}

func kindOf(name string) (fs.FileMode, code) {
	f, c := openCoded(name) // want `f is not closed on the path that returns at line \d+`
	if c != 0 {
		return 0, c
	}
	info, err := f.Stat()
	if err != nil {
		return 0, codeOf(err)
	}
	f.Close()
	return info.Mode(), 0
}
