package b

import (
	"bufio"
	"io"

	"conv"
)

func keys(r *bufio.Reader) (list []string) {
	for {
		b, err := r.ReadSlice('\n')
		if err != nil {
			return list
		}
		list = append(list, conv.String(b)) // want `the string shares memory with b, which is filled again on line 12, and is kept in a slice`
	}
}

func upper(s string) {
	b := conv.Bytes(s) // want `the bytes of s are written on line 22`
	b[0] = 'X'
}

func read(r io.Reader) (a, c string, err error) {
	buf := make([]byte, 16)
	if _, err = io.ReadFull(r, buf); err != nil {
		return
	}
	a = conv.Old(buf) // want `the string shares memory with buf, which is read into again on line 31, and is returned after that`
	if _, err = io.ReadFull(r, buf); err != nil {
		return
	}
	return a, conv.Copy(buf), nil
}
