package user

import "room/wire"

func Names(r *wire.Reader) ([]string, error) {
	n, err := r.Length()
	if err != nil {
		return nil, err
	}
	return make([]string, 0, n), nil // want `n comes from Reader.Length and has no upper bound`
}

func Body(r *wire.Reader) ([]byte, error) {
	n, err := r.Length()
	if err != nil {
		return nil, err
	}
	return wire.Buffer(n), nil // want `n comes from Reader.Length and has no upper bound`
}

func Part(start, end int) []byte {
	b := wire.Buffer(end - start) // want `end - start is negative when end < start, and wire.Buffer panics`
	for i := range b {
		b[i] = byte(start + i)
	}
	return b
}

func Jobs(total, done int) chan string {
	return wire.Queue[string]("jobs", total-done) // want `total - done is negative when total < done, and wire.Queue panics`
}

// Silent.

func LimitedNames(r *wire.Reader) ([]string, error) {
	n, err := r.Limited(100)
	if err != nil {
		return nil, err
	}
	return make([]string, 0, n), nil
}

func CheckedNames(r *wire.Reader) ([]string, error) {
	n, err := r.Length()
	if err != nil || n > 100 {
		return nil, err
	}
	return make([]string, 0, n), nil
}

func Kinds(r *wire.Reader) []string {
	n, _ := r.Kind()
	return make([]string, n)
}

func SafeBody(r *wire.Reader) []byte {
	n, _ := r.Length()
	return wire.Safe(n)
}

func SafePart(start, end int) []byte { return wire.Safe(end - start) }

func OrderedPart(start, end int) []byte {
	if start >= end {
		return nil
	}
	return wire.Buffer(end - start)
}
