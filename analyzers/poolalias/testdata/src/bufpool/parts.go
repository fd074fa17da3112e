package bufpool

import "sync"

// Page is a part of a letter that others may write on.
type Page struct {
	Mem  []byte
	Size int
}

// Letter is put back as a whole.
type Letter struct {
	page *Page
	raw  []byte
}

var letters = sync.Pool{New: func() any { return new(Letter) }}

// NewLetter returns an empty letter.
func NewLetter() *Letter { return letters.Get().(*Letter) }

// Send gives it back.
func Send(l *Letter) { // want Send:`poolalias: puts back param 0`
	l.Reset()
	letters.Put(l)
}

// Reset empties it.
func (l *Letter) Reset() {
	l.raw = l.raw[:0]
	if l.page != nil {
		l.page.Mem = l.page.Mem[:0]
	}
}

// Page returns what is written on.
func (l *Letter) Page() *Page {
	if l.page == nil {
		l.page = new(Page)
	}
	l.raw = nil
	return l.page
}

// Text returns what has been written.
func (l *Letter) Text() []byte { // want Text:`poolalias: result 0 is memory of param 0`
	if l.raw != nil {
		return l.raw
	}
	if l.page == nil {
		return nil
	}
	return l.page.Mem
}

// Queue pools the cells of its list.
type Queue struct {
	head *cell
	free sync.Pool
}

type cell struct {
	val  string
	next *cell
}

// Next takes the first value out.
func (q *Queue) Next() (string, bool) { // want Next:`poolalias: puts back param 0\*\.head`
	c := q.head
	if c == nil {
		return "", false
	}
	val := c.val
	q.head = c.next
	*c = cell{}
	q.free.Put(c)
	return val, true
}

// Tray keeps what it has put back.
type Tray struct {
	item *[64]byte
	done chan struct{}
}

var items = sync.Pool{New: func() any { return new([64]byte) }}

// Drop puts the item back.
func (t *Tray) Drop() { items.Put(t.item) } // want Drop:`poolalias: puts back param 0\*\.item`

// Wait looks at nothing that was put back.
func (t *Tray) Wait() { <-t.done }
