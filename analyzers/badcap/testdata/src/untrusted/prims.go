package untrusted

import (
	"bufio"

	"prims"
)

func readPairs(r *bufio.Reader) (map[string]string, error) {
	n, err := prims.Number(r)
	if err != nil {
		return nil, err
	}
	pairs := make(map[string]string, n) // want `n comes from prims.Number and has no upper bound`
	for range n {
		k, err := r.ReadString(0)
		if err != nil {
			return nil, err
		}
		if pairs[k], err = r.ReadString(0); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

func readFew(r *bufio.Reader) ([]string, error) {
	n, err := prims.Within(r, 64)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, n)
	for range n {
		k, err := r.ReadString(0)
		if err != nil {
			return nil, err
		}
		names = append(names, k)
	}
	return names, nil
}
