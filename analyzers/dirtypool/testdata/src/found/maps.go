package found

import (
	"encoding/json"
	"io"
	"maps"
	"sync"
)

var labelMaps = sync.Pool{New: func() any { return make(map[string]string, 8) }}

// Labels lends the map to somebody who has no reason to empty it.
func Labels(common map[string]string, own []string, use func(map[string]string)) {
	m := labelMaps.Get().(map[string]string) // want `the map\[string\]string from labelMaps may still hold its previous user's data`
	maps.Copy(m, common)
	for _, l := range own {
		m[l] = "yes"
	}
	use(m)
	labelMaps.Put(m)
}

var docMaps = sync.Pool{New: func() any { return make(map[string]any) }}

func Doc(w io.Writer, common map[string]any) error {
	m := docMaps.Get().(map[string]any) // want `the map\[string\]any from docMaps may still hold its previous user's data`
	maps.Copy(m, common)
	err := json.NewEncoder(w).Encode(m)
	docMaps.Put(m)
	return err
}

var clearedMaps = sync.Pool{New: func() any { return make(map[string]string, 8) }}

func LabelsCleared(common map[string]string, use func(map[string]string)) {
	m := clearedMaps.Get().(map[string]string)
	maps.Copy(m, common)
	use(m)
	clear(m)
	clearedMaps.Put(m)
}

var takenMaps = sync.Pool{New: func() any { return make(map[string]string, 8) }}

// WithMap is used by functions of the package that take out what they have put in.
func WithMap(use func(map[string]string)) {
	m := takenMaps.Get().(map[string]string)
	m["n"] = "0"
	use(m)
	takenMaps.Put(m)
}

func Taken(in map[string]string, send func(string)) {
	WithMap(func(m map[string]string) {
		maps.Copy(m, in)
		for _, v := range m {
			send(v)
		}
		clear(m)
	})
}

type consumer interface{ Consume(map[string]string) }

var consumedMaps = sync.Pool{New: func() any { return make(map[string]string, 8) }}

// Consumed has a consumer, who may do what the name says.
func Consumed(c consumer, in map[string]string) {
	m := consumedMaps.Get().(map[string]string)
	maps.Copy(m, in)
	c.Consume(m)
	consumedMaps.Put(m)
}

var fixedMaps = sync.Pool{New: func() any { return make(map[string]any, 3) }}

// Fixed sets the same keys each time: nothing of the last user is left.
func Fixed(w io.Writer, name string, size int) error {
	m := fixedMaps.Get().(map[string]any)
	m["name"] = name
	m["size"] = size
	err := json.NewEncoder(w).Encode(m)
	fixedMaps.Put(m)
	return err
}

var sometimesMaps = sync.Pool{New: func() any { return make(map[string]any, 3) }}

func Sometimes(w io.Writer, name, owner string) error {
	m := sometimesMaps.Get().(map[string]any) // want `the map\[string\]any from sometimesMaps may still hold its previous user's data`
	m["name"] = name
	if owner != "" {
		m["owner"] = owner
	}
	err := json.NewEncoder(w).Encode(m)
	sometimesMaps.Put(m)
	return err
}

var earlyMaps = sync.Pool{New: func() any { return make(map[string]any, 3) }}

func Early(w io.Writer, r io.Reader) error {
	m := earlyMaps.Get().(map[string]any)
	defer earlyMaps.Put(m)
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m["text"] = string(b)
	m["size"] = len(b)
	return json.NewEncoder(w).Encode(m)
}

var failedMaps = sync.Pool{New: func() any { return make(map[string]any, 3) }}

func Failed(w io.Writer, r io.Reader) error {
	m := failedMaps.Get().(map[string]any) // want `the map\[string\]any from failedMaps may still hold its previous user's data`
	defer failedMaps.Put(m)
	b, err := io.ReadAll(r)
	m["size"] = len(b)
	if err != nil {
		m["error"] = err.Error()
	}
	return json.NewEncoder(w).Encode(m)
}

// An envelope has a map with it.
type envelope struct {
	marks map[string]string
	text  string
}

var envelopes = sync.Pool{New: func() any { return &envelope{marks: make(map[string]string)} }}

func Post2(to, reply, text string, send func(map[string]string, string)) {
	e := envelopes.Get().(*envelope)
	e.marks["to"] = to
	if reply != "" {
		e.marks["reply"] = reply
	}
	e.text = text
	send(e.marks, e.text)
	e.text = ""
	envelopes.Put(e) // want `\*envelope goes back to envelopes with field marks still set, which its next user reads`
}

var stamped = sync.Pool{New: func() any { return &envelope{marks: make(map[string]string)} }}

func Stamp(to, text string, send func(map[string]string, string)) {
	e := stamped.Get().(*envelope)
	e.marks["to"] = to
	e.marks["from"] = "here"
	e.text = text
	send(e.marks, e.text)
	e.text = ""
	stamped.Put(e)
}
