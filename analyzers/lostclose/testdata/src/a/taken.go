package a

import (
	"errors"
	"net"
	"os"
)

// Whoever answers has the place: the process ends, and what was dialed with it.
func free(path string) error {
	_, err := net.Dial("unix", path)
	taken := err == nil
	if !taken {
		var e net.Error
		taken = errors.As(err, &e) && e.Timeout()
	}
	if taken {
		os.Exit(1)
	}
	return os.Remove(path)
}

// This one is told, and goes on.
func freeOrTell(path string) error {
	_, err := net.Dial("unix", path) // want `what net.Dial returns is dropped, and never closed`
	taken := err == nil
	if !taken {
		var e net.Error
		taken = errors.As(err, &e) && e.Timeout()
	}
	if taken {
		return os.ErrExist
	}
	return os.Remove(path)
}

// And this one serves for ever.
func serveUnless(path string, serve func()) {
	_, err := net.Dial("unix", path) // want `what net.Dial returns is dropped, and never closed`
	if err != nil {
		os.Exit(1)
	}
	for {
		serve()
	}
}
