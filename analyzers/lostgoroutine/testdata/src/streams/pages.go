package streams

import (
	"context"
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
