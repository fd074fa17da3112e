package a

import "errors"

type cell struct{ row, column string }

// There is a limit, which comes long before the product.
func crossed(rows, columns []string, limit int) ([]cell, error) {
	var out []cell
	size := 0
	for _, r := range rows {
		for _, c := range columns {
			size += len(r) + len(c)
			if size > limit {
				return nil, errors.New("too large")
			}
			out = append(out, cell{r, c})
		}
	}
	return out, nil
}
