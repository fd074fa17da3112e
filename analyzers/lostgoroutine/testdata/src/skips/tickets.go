package skips

import (
	"context"
	"sync"
)

// counter gives out tickets, and calls their numbers. Who has left does not hear his.
type counter struct {
	mu      sync.Mutex
	last    int
	waiting map[int]chan string
}

func (c *counter) draw() (int, chan string) {
	call := make(chan string)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	c.waiting[c.last] = call
	return c.last, call
}

func (c *counter) tear(number int) chan string {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := c.waiting[number]
	delete(c.waiting, number)
	return call
}

func (c *counter) Wait(ctx context.Context, say func(int)) (string, error) {
	number, call := c.draw()
	say(number)
	select {
	case desk := <-call:
		return desk, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (c *counter) Serve(desks <-chan string, numbers <-chan int) {
	for n := range numbers {
		if call := c.tear(n); call != nil {
			call <- <-desks // want `this send blocks forever when Wait returns at line 39 without waiting for it: nobody else receives from call and it has no buffer`
		}
	}
}

func NewCounter() *counter { return &counter{waiting: make(map[int]chan string)} }

// tables hands out tables; who finds that somebody waits for one already waits with him.
type tables struct {
	mu    sync.Mutex
	calls map[int]chan string
}

func (t *tables) call(number int) chan string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c, ok := t.calls[number]; ok {
		return c
	}
	c := make(chan string)
	t.calls[number] = c
	return c
}

func (t *tables) Wait(ctx context.Context, number int) (string, error) {
	select {
	case name := <-t.call(number):
		return name, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (t *tables) Free(number int, name string) {
	t.call(number) <- name
}

// Those who have drawn a lot have room for the answer.
type lots struct {
	mu      sync.Mutex
	waiting []chan string
}

func (l *lots) draw() chan string {
	lot := make(chan string, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, lot)
	return lot
}

func (l *lots) Wait(ctx context.Context) (string, error) {
	lot := l.draw()
	select {
	case prize := <-lot:
		return prize, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (l *lots) Give(prize string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, lot := range l.waiting {
		lot <- prize
	}
	l.waiting = nil
}

// A meal comes with a channel for the dish; who waits for it may leave.
type meal struct {
	table int
	dish  chan string
}

func newMeal(table int) *meal { return &meal{table: table, dish: make(chan string)} }

type kitchen struct {
	orders chan *meal
	closed chan struct{}
}

func (k *kitchen) cook() {
	for {
		select {
		case o := <-k.orders:
			o.dish <- "soup" // want `this send blocks forever when Eat returns at line \d+ without waiting for it: nobody else receives from o.dish and it has no buffer`
		case <-k.closed:
			return
		}
	}
}

func (k *kitchen) Eat(ctx context.Context, table int) (string, error) {
	o := newMeal(table)
	select {
	case k.orders <- o:
	case <-k.closed:
		return "", errBad
	}
	select {
	case dish := <-o.dish:
		return dish, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (k *kitchen) Close() { close(k.closed) }

func Kitchen() *kitchen { // want Kitchen:`starts a goroutine that Close of 0 ends`
	k := &kitchen{make(chan *meal), make(chan struct{})}
	go k.cook()
	return k
}
