package a

import (
	"errors"
	"io"
	"sync"
)

type cursor struct {
	pos int
	buf [512]byte
}

var cursors = sync.Pool{New: func() any { return new(cursor) }}

var errNegative = errors.New("negative")

// Two paths put it back, and one does not.
func forgotten(r io.Reader, want int) (int, error) {
	c := cursors.Get().(*cursor)
	c.pos = 0
	if want < 0 {
		return 0, errNegative // want `this return drops the \*cursor from cursors without Put; the GC reclaims it, but pooling is defeated`
	}
	n, err := r.Read(c.buf[:])
	if err != nil {
		cursors.Put(c)
		return 0, err
	}
	c.pos += n
	n = c.pos
	cursors.Put(c)
	return n, nil
}

// What the object says decides.
func dropped(r io.Reader, want int) (int, error) {
	c := cursors.Get().(*cursor)
	c.pos = 0
	n, err := r.Read(c.buf[:])
	c.pos += n
	if c.pos > want {
		return 0, errNegative
	}
	if err != nil {
		cursors.Put(c)
		return 0, err
	}
	cursors.Put(c)
	return n, nil
}

// Who gets the object puts it back, unless it fails.
func queued(to chan *cursor, want int) error {
	c := cursors.Get().(*cursor)
	c.pos = want
	if want < 0 {
		cursors.Put(c)
		return errNegative
	}
	if err := enqueue(to, c); err != nil {
		cursors.Put(c)
		return err
	}
	return nil
}

func enqueue(to chan *cursor, c *cursor) error {
	select {
	case to <- c:
		return nil
	default:
		return errNegative
	}
}
