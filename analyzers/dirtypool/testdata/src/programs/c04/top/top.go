package top

import (
	"bytes"
	"fmt"

	"programs/c04/pool"
)

func buffer() (*bytes.Buffer, func()) {
	b := pool.Take()
	return b, func() { pool.Give(b) }
}

func Line(a, b int) string {
	buf, done := buffer()
	defer done()
	fmt.Fprintf(buf, "%d+%d", a, b)
	return buf.String()
}
func Line2(a, b int) string {
	buf, done := pool.TakeWith()
	defer done()
	fmt.Fprintf(buf, "%d+%d", a, b)
	return buf.String()
}
func Line3(a, b int) string {
	buf, done := pool.TakeWith2()
	defer done()
	fmt.Fprintf(buf, "%d+%d", a, b)
	return buf.String()
}
