package use

import (
	"context"
	"errors"
	"sync"

	"bufpool"
)

// The letter writes into the caller's memory, and has its own again when it goes back.
func lentMemory(dst []byte, write func(*bufpool.Page)) []byte {
	l := bufpool.NewLetter()
	p := l.Page()
	own := p.Mem
	p.Mem = dst
	write(l.Page())
	text := l.Text()
	p.Mem = own
	bufpool.Send(l)
	return text
}

func lentMemoryOnce(dst []byte, write func(*bufpool.Page)) (text []byte) {
	l := bufpool.NewLetter()
	defer bufpool.Send(l)
	l.Page().Mem = dst
	write(l.Page())
	text = l.Text()
	l.Page().Mem = nil
	return text
}

func neverSetBack(dst []byte, write func(*bufpool.Page)) []byte {
	l := bufpool.NewLetter()
	p := l.Page()
	p.Mem = dst
	write(p)
	text := l.Text()
	bufpool.Send(l)
	return text // want `the returned \[\]byte shares memory with l, which is put back on line [0-9]+`
}

func setBackBefore(dst []byte, write func(*bufpool.Page)) []byte {
	l := bufpool.NewLetter()
	p := l.Page()
	own := p.Mem
	p.Mem = dst
	write(p)
	p.Mem = own
	text := l.Text()
	bufpool.Send(l)
	return text // want `the returned \[\]byte shares memory with l, which is put back on line [0-9]+`
}

func sizeOnly(write func(*bufpool.Page)) []byte {
	l := bufpool.NewLetter()
	p := l.Page()
	write(p)
	text := l.Text()
	p.Size = 0
	bufpool.Send(l)
	return text // want `the returned \[\]byte shares memory with l, which is put back on line [0-9]+`
}

func byMethodValue(dst []byte, write func(*bufpool.Page)) []byte {
	l := bufpool.NewLetter()
	page := l.Page
	write(page())
	text := l.Text()
	page().Size = 0
	bufpool.Send(l)
	return text // want `the returned \[\]byte shares memory with l, which is put back on line [0-9]+`
}

func otherLetter(other *bufpool.Letter, write func(*bufpool.Page)) []byte {
	l := bufpool.NewLetter()
	write(l.Page())
	text := l.Text()
	other.Page().Mem = nil
	bufpool.Send(l)
	return text // want `the returned \[\]byte shares memory with l, which is put back on line [0-9]+`
}

// feed is looked at after a part of it went back.
type feed struct {
	queue *bufpool.Queue
	done  chan struct{}
}

func (f *feed) next() (string, error) {
	if s, ok := f.queue.Next(); ok {
		return s, nil
	}
	return "", errors.New("empty")
}

func (f *feed) wait() { <-f.done }

type feedKey struct{}

func follow(ctx context.Context, see func(string)) (err error) {
	f, _ := ctx.Value(feedKey{}).(*feed)
	if f == nil {
		return errors.New("no feed")
	}
	defer func() { f.wait() }()
	for {
		var s string
		if s, err = f.next(); err != nil {
			return
		}
		see(s)
	}
}

func taken(ctx context.Context) (string, error) {
	f := ctx.Value(feedKey{}).(*feed)
	s, err := f.next()
	f.wait()
	return s, err
}

// tray keeps what it has put back.
type tray struct {
	item *[64]byte
	done chan struct{}
}

var items = sync.Pool{New: func() any { return new([64]byte) }}

func (t *tray) drop()       { items.Put(t.item) }
func (t *tray) wait()       { <-t.done }
func (t *tray) first() byte { return t.item[0] }

func dropped(t *tray) {
	t.drop()
	t.wait()
}

func droppedAndRead(t *tray) byte {
	t.drop()
	return t.first() // want `t is used after it was put back on line [0-9]+`
}

func droppedOf(ctx context.Context) {
	t, _ := ctx.Value(feedKey{}).(*tray)
	t.drop()
	t.wait()
}

func emptied(t *bufpool.Tray) {
	t.Drop()
	t.Wait()
}

func emptiedTwice(t *bufpool.Tray) {
	t.Drop()
	t.Drop() // want `t may be put back twice`
}
