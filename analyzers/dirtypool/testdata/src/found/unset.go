package found

import "sync"

// A draft is taken over by whoever finds it without an author, and is cleared on one way out only.
type draft struct {
	author string
	number int
	parts  []int
	limit  int
}

var drafts = sync.Pool{New: func() any { return new(draft) }}

func Sign(author string, check func(author string) error) error {
	d := drafts.Get().(*draft) // want `the \*draft from drafts may still hold its previous user's field author: it is reset neither after this Get nor on every way to its Put`
	if d.author == "" {
		d.author = author
	}
	err := check(d.author)
	if err != nil {
		drafts.Put(d)
		return err
	}
	*d = draft{}
	drafts.Put(d)
	return nil
}

// Cleared on both ways out.
var letters = sync.Pool{New: func() any { return new(draft) }}

func Post(author string, check func(author string) error) error {
	d := letters.Get().(*draft)
	if d.author == "" {
		d.author = author
	}
	err := check(d.author)
	if err != nil {
		d.author = ""
		letters.Put(d)
		return err
	}
	*d = draft{}
	letters.Put(d)
	return nil
}

// What is set up once is for all users, and nothing ever clears it.
var notes = sync.Pool{New: func() any { return new(draft) }}

func Note(limit int, text []int, send func([]int) error) error {
	d := notes.Get().(*draft)
	if d.limit == 0 {
		d.limit = limit
	}
	d.parts = append(d.parts[:0], text[:min(len(text), d.limit)]...)
	err := send(d.parts)
	notes.Put(d)
	return err
}

// What is out of date is cleared before it is set up again.
type label struct {
	text    string
	edition int
	out     []byte
}

var labels = sync.Pool{New: func() any { return new(label) }}

func Label(text string, edition int, print func(string)) {
	l := labels.Get().(*label)
	if l.edition != edition {
		l.text = ""
		l.edition = edition
	}
	if l.text == "" {
		l.text = text
	}
	print(l.text)
	labels.Put(l)
}
