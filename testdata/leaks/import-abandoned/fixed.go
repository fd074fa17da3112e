//go:build ignore

// The splitter looks at the context, too.

package main

import "context"

type span struct{ from, to int }

const ahead = 4

func split(ctx context.Context, rows int, spans chan<- span) {
	for from := 0; from < rows; from += 10 {
		select {
		case spans <- span{from, min(from+10, rows)}:
		case <-ctx.Done():
			return
		}
	}
}

type importer struct{ done int }

func (im *importer) load(s span) { im.done += s.to - s.from }

// Import loads all rows in spans.
func (im *importer) Import(ctx context.Context, rows int) error {
	spans := make(chan span, ahead)
	go func() {
		defer close(spans)
		split(ctx, rows, spans)
	}()
	for s := range spans {
		if err := ctx.Err(); err != nil {
			return err
		}
		im.load(s)
	}
	return nil
}

func run() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	(&importer{}).Import(ctx, 100)
}
