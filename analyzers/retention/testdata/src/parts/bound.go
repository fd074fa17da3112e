package parts

import (
	"bytes"
	"os"
	"strings"
)

type gallery struct {
	marks  map[string][]byte
	titles map[string]string
	bodies map[string][]byte
}

// At most so much, whatever there is.
func (g *gallery) mark(path string) error {
	image, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	g.marks[path] = image[:min(len(image), 32)] // want `up to 32 bytes in marks keeps all of what os.ReadFile yields in memory`
	return nil
}

func (g *gallery) title(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	s := string(text)
	g.titles[path] = s[:min(80, len(s))] // want `up to 80 bytes in titles keeps all of what os.ReadFile yields in memory`
	return nil
}

// A copy, and a part that is large.
func (g *gallery) copies(path string) error {
	image, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	g.marks[path] = bytes.Clone(image[:min(len(image), 32)])
	g.titles[path] = strings.Clone(string(image[:min(len(image), 32)]))
	g.bodies[path] = image[:min(len(image), 1<<20)]
	return nil
}

func (g *gallery) body(path string, limit int) error {
	image, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	g.bodies[path] = image[:min(len(image), limit)]
	return nil
}
