//go:build ignore

// A function closes the channel that it fills, but not where a line is no number: who sums up waits on.
//
// leak: lostgoroutine unclosed-range: reported

package main

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

func read(from io.Reader, to chan<- int) error {
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			return err
		}
		to <- n
	}
	close(to)
	return lines.Err()
}

func sum(from io.Reader) (int, error) {
	numbers, total := make(chan int, 4), make(chan int, 1)
	go func() {
		n := 0
		for i := range numbers {
			n += i
		}
		total <- n
	}()
	if err := read(from, numbers); err != nil {
		return 0, err
	}
	return <-total, nil
}

func run() {
	sum(strings.NewReader("12\n7\nx\n"))
}
