package store

import (
	"sync"

	"programs/d20/model"
)

var pool = sync.Pool{New: func() any { return new(model.Message) }}

func Acquire() *model.Message { return pool.Get().(*model.Message) }

func Release(m *model.Message) {
	m.Reset()
	pool.Put(m)
}
