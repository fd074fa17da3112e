package streams

import (
	"context"
	"iter"
	"sync"
)

// A binder prints sheets and binds them until the glue is out.
type binder struct {
	presses int
	trays   int
	glue    func(sheet string) error
}

// Bind has two stages: who binds leaves at the first error, and the presses do not learn of it.
func (b *binder) Bind(ctx context.Context, texts <-chan string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sheets := b.print(ctx, texts)
	return b.bind(sheets)
}

func (b *binder) print(ctx context.Context, texts <-chan string) <-chan string {
	sheets := make(chan string, b.trays)
	var wg sync.WaitGroup
	for range b.presses {
		wg.Go(func() {
			for text := range texts {
				if ctx.Err() != nil {
					return
				}
				sheets <- "<" + text + ">" // want `this send blocks forever once bind has returned at line \d+: nobody else receives from sheets`
			}
		})
	}
	go func() {
		wg.Wait()
		close(sheets)
	}()
	return sheets
}

func (b *binder) bind(sheets <-chan string) error {
	for s := range sheets {
		if err := b.glue(s); err != nil {
			return err
		}
	}
	return nil
}

// A careful binder's presses look at the context while they wait.
type cautious struct{ binder }

func (c *cautious) Bind(ctx context.Context, texts <-chan string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sheets := make(chan string, c.trays)
	go func() {
		defer close(sheets)
		for text := range texts {
			select {
			case sheets <- text:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c.last(sheets)
}

func (c *cautious) last(sheets <-chan string) error {
	for s := range sheets {
		if err := c.glue(s); err != nil {
			return err
		}
	}
	return nil
}

// Each gives every sheet a place: the buffer has room for all.
func (b *binder) Each(texts []string) error {
	return b.bindAll(b.all(texts))
}

func (b *binder) all(texts []string) <-chan string {
	sheets := make(chan string, len(texts))
	go func() {
		defer close(sheets)
		for _, text := range texts {
			sheets <- text
		}
	}()
	return sheets
}

func (b *binder) bindAll(sheets <-chan string) error {
	for s := range sheets {
		if err := b.glue(s); err != nil {
			return err
		}
	}
	return nil
}

// A leaf is a page that is read ahead, or why there is none.
type leaf struct {
	text string
	err  error
}

// Leaves yields the leaves of a book, of which one is read ahead; whoever has enough leaves that one behind.
func Leaves(read func(n int) (string, error)) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		leaves := make(chan leaf)
		go readAhead(read, leaves)
		for l := range leaves {
			if l.err != nil {
				yield("", l.err)
				return
			}
			if !yield(l.text, nil) {
				return
			}
		}
	}
}

func readAhead(read func(n int) (string, error), leaves chan<- leaf) {
	defer close(leaves)
	for n := 0; ; n++ {
		text, err := read(n)
		if err != nil {
			leaves <- leaf{err: err}
			return
		}
		leaves <- leaf{text: text} // want `this send blocks forever when the function returns at line \d+: nobody receives from leaves and it has no buffer; the goroutine started at line \d+ never ends`
		if text == "" {
			return
		}
	}
}
