package a

import (
	"archive/zip"
	"fmt"
	"io"
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

// What an archive gives has no file of its own.
func firstIn(archive *zip.Reader) ([]byte, error) {
	for _, f := range archive.File {
		r, err := f.Open() // want `r is never closed: its decompressor is not used again, and the next file allocates one of 44 KB; defer r.Close\(\) after the error check`
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	}
	return nil, os.ErrNotExist
}

// Where the old journal has been opened, its end is not zero any more.
func journal(path string, end int64, entry []byte) error {
	var f *os.File
	var err error
	if end > 0 {
		if f, err = os.OpenFile(path, os.O_RDWR, 0o600); err != nil {
			end = 0
		} else if _, err = f.Seek(end, io.SeekStart); err != nil {
			f.Close()
			end = 0
		}
	}
	if end == 0 {
		if f, err = os.Create(path); err != nil {
			return err
		}
	}
	defer f.Close()
	_, err = f.Write(entry)
	return err
}

// This one forgets to close the one that it cannot use.
func journalAnew(path string, end int64, entry []byte) error {
	var f *os.File
	var err error
	if end > 0 {
		if f, err = os.OpenFile(path, os.O_RDWR, 0o600); err != nil { // want `f is not closed on the path that returns at line \d+`
			end = 0
		} else if _, err = f.Seek(end, io.SeekStart); err != nil {
			end = 0
		}
	}
	if end == 0 {
		if f, err = os.Create(path); err != nil {
			return err
		}
	}
	defer f.Close()
	_, err = f.Write(entry)
	return err
}
