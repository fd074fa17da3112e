package a

import (
	"fmt"
	"os"
)

// A file that has been made is not the one that could not be made in so many attempts.
func scratch(dir string, data []byte) error {
	const attempts = 100
	var f *os.File
	i := 0
	for ; i < attempts; i++ {
		var err error
		f, err = os.OpenFile(fmt.Sprint(dir, i), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if os.IsExist(err) {
			continue
		} else if err != nil {
			return err
		}
		break
	}
	if i == attempts {
		return os.ErrExist
	}
	defer f.Close()
	_, err := f.Write(data)
	return err
}

// This one gives up earlier.
func scratchOf(dir string, data []byte) error {
	const attempts = 100
	var f *os.File
	i := 0
	for ; i < attempts; i++ {
		var err error
		f, err = os.OpenFile(fmt.Sprint(dir, i), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // want `f is not closed on the path that returns at line \d+`
		if os.IsExist(err) {
			continue
		} else if err != nil {
			return err
		}
		break
	}
	if i == attempts-1 {
		return os.ErrExist
	}
	defer f.Close()
	_, err := f.Write(data)
	return err
}
