package escape

import (
	"io"

	"golang.org/x/tools/go/analysis"
)

// Recorded is a source that parses recorded output of the compiler, in which
// files are named relative to dir.
type Recorded struct {
	Text io.Reader
	Dir  string
}

func (r Recorded) Load(*analysis.Pass) (*Output, error) {
	p := newParser()
	if _, err := p.read(r.Text); err != nil {
		return nil, err
	}
	out := p.output()
	out.dirs[r.Dir] = true
	return out, nil
}

// WholeModule returns the pattern by which the packages of a module are listed
// together, or "" if each is listed by itself.
func WholeModule(root, dir string) string { return inModule(root, dir).all }
