// Package c44: Init method after Get by callers.
package c44

import "sync"

type Parser struct {
	in   string
	errs []error
	opts map[string]bool
}

var parsers = sync.Pool{New: func() any { return &Parser{opts: map[string]bool{}} }}

func Get() *Parser  { return parsers.Get().(*Parser) }
func Put(p *Parser) { parsers.Put(p) }

func (p *Parser) Init(in string) {
	p.in = in
	p.errs = p.errs[:0]
	for k := range p.opts {
		delete(p.opts, k)
	}
}

func (p *Parser) Opt(k string)      { p.opts[k] = true }
func (p *Parser) fail(e error)      { p.errs = append(p.errs, e) }
func (p *Parser) Errs() []error     { return p.errs }
func (p *Parser) Has(k string) bool { return p.opts[k] }
