//go:build ignore

// A page is rendered in a goroutine that holds the content lock, and a shortcode
// in the page asks for the word count, which takes it again.
//
// leak: stucklock double-lock: reported with -all

package main

import (
	"context"
	"strings"
	"sync"
	"time"
)

type shortcode func(p *page) string

type page struct {
	source     string
	shortcodes map[string]shortcode

	renderOnce sync.Once
	plainOnce  sync.Once
	contentMu  sync.Mutex
	content    string
	words      int
}

// WordCount counts the words of the page.
func (p *page) WordCount() int {
	p.initPlain(true)
	return p.words
}

func (p *page) initPlain(lock bool) {
	p.plainOnce.Do(func() {
		if lock {
			p.contentMu.Lock()
			defer p.contentMu.Unlock()
		}
		p.words = len(strings.Fields(p.source))
	})
}

func (p *page) expand() string {
	text := p.source
	for name, f := range p.shortcodes {
		text = strings.ReplaceAll(text, name, f(p))
	}
	return text
}

// Render makes the content of the page, unless that takes too long.
func (p *page) Render(limit time.Duration) string {
	p.renderOnce.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		done := make(chan string, 1)
		go func() {
			p.contentMu.Lock()
			defer p.contentMu.Unlock()
			done <- p.expand()
		}()
		select {
		case p.content = <-done:
		case <-ctx.Done():
			p.content = "too slow"
		}
	})
	return p.content
}

func run() {
	p := &page{source: "{{words}} words"}
	p.shortcodes = map[string]shortcode{"{{words}}": func(p *page) string {
		return strings.Repeat("x", p.WordCount())
	}}
	p.Render(5 * time.Millisecond)
}
