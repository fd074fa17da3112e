package mid

import (
	"bytes"

	"programs/d04/pool"
)

func Buffer() (*bytes.Buffer, func()) {
	b := pool.Take()
	return b, func() { pool.Give(b) }
}

func With(f func(*bytes.Buffer)) {
	b := pool.Take()
	defer pool.Give(b)
	f(b)
}
