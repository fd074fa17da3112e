//go:build ignore

// The import stops with its context, and the splitter stays at a full buffer.
//
// leak: lostgoroutine abandoned-send: reported as lostgoroutine partner-exits

package main

import "context"

type span struct{ from, to int }

const ahead = 4

func split(ctx context.Context, rows int, spans chan<- span) {
	for from := 0; from < rows; from += 10 {
		spans <- span{from, min(from+10, rows)}
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
