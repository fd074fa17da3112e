package escape

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// inputs are the generated files that one run of the compiler reads. They are
// pipes where the system names those, so that nothing is left behind however
// this process ends.
type inputs struct {
	object  string // where the compiler would write; only runs to the end do
	pipes   []*os.File
	writers []func()
	files   []string
}

func newInputs() (*inputs, error) {
	// Never the null device: a failing compiler removes its output.
	return &inputs{object: filepath.Join(os.TempDir(), "heapvet-"+rand.Text()+".a")}, nil
}

// add returns a name under which the compiler can read data once.
func (in *inputs) add(data []byte) (string, error) {
	if _, err := os.Stat("/dev/fd"); err != nil || runtime.GOOS == "windows" {
		f, err := os.CreateTemp("", "heapvet-")
		if err != nil {
			return "", err
		}
		in.files = append(in.files, f.Name())
		_, err = f.Write(data)
		if err2 := f.Close(); err == nil {
			err = err2
		}
		return f.Name(), err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	in.pipes = append(in.pipes, r)
	in.writers = append(in.writers, func() {
		w.Write(data) // fails if the compiler ended early, which it reports itself
		w.Close()
	})
	return fmt.Sprintf("/dev/fd/%d", 2+len(in.pipes)), nil
}

// started sends the inputs to the running compiler.
func (in *inputs) started() {
	in.closePipes()
	for _, write := range in.writers {
		go write()
	}
	in.writers = nil
}

func (in *inputs) closePipes() {
	for _, r := range in.pipes {
		r.Close()
	}
	in.pipes = nil
}

func (in *inputs) close() {
	in.closePipes()
	for _, write := range in.writers {
		write() // to a pipe without a reader
	}
	for _, name := range in.files {
		os.Remove(name)
	}
	os.Remove(in.object)
}
