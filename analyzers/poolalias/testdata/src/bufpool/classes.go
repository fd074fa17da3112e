package bufpool

import (
	"io"
	"sync"
)

var widths = [...]int{256, 4096, 65536}

// Classes has a pool for each width.
type Classes struct{ rows [len(widths)]sync.Pool }

func (c *Classes) Get(n int) *[]byte {
	for i, w := range widths {
		if n > w {
			continue
		}
		if row, ok := c.rows[i].Get().(*[]byte); ok {
			*row = (*row)[:n]
			return row
		}
		row := make([]byte, n, w)
		return &row
	}
	row := make([]byte, n)
	return &row
}

// Put gives the row back to the pool of its width.
func (c *Classes) Put(row *[]byte) { // want Put:`poolalias: puts back param 1`
	for i, w := range widths {
		if cap(*row) == w {
			c.rows[i].Put(row)
			return
		}
	}
}

// Keep gives the row back to each of those who asked for it, if there are any.
func (c *Classes) Keep(row *[]byte, askers map[int]bool) {
	for i := range askers {
		c.rows[i].Put(row)
		return
	}
}

// Fill gives the row back if what is read comes to a class.
func (c *Classes) Fill(row *[]byte, r io.Reader) {
	for n := 0; n < 256; {
		k, err := r.Read(*row)
		if n += k; n == 128 {
			c.rows[0].Put(row)
			return
		}
		if err != nil {
			return
		}
	}
}
