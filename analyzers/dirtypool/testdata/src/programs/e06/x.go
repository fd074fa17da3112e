// Package e06: scanner with position, fields reset partially by Init.
package e06

import "sync"

type Tokenizer struct {
	input  []byte
	pos    int
	line   int
	tokens [][]byte
}

var pool sync.Pool

func get(input []byte) *Tokenizer {
	v, _ := pool.Get().(*Tokenizer)
	if v == nil {
		v = &Tokenizer{}
	}
	v.input = input
	v.tokens = nil
	v.line = 1
	return v
}

func (t *Tokenizer) next() bool {
	start := t.pos
	for t.pos < len(t.input) && t.input[t.pos] != ' ' {
		if t.input[t.pos] == '\n' {
			t.line++
		}
		t.pos++
	}
	if start == t.pos {
		return false
	}
	t.tokens = append(t.tokens, t.input[start:t.pos])
	t.pos++
	return true
}

func Split(input []byte) [][]byte {
	t := get(input)
	for t.next() {
	}
	out := t.tokens
	pool.Put(t) // want `\*Tokenizer goes back to pool with field pos still set, which its next user reads`
	return out
}
