package skips

import (
	"bufio"
	"errors"
	"io"
	"log"
	"strconv"
)

// weights reads weights, and closes the channel that it fills; but for a bad line.
func weights(in io.Reader, to chan<- int) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		w, err := strconv.Atoi(lines.Text())
		if err != nil {
			return err
		}
		to <- w
	}
	close(to)
	return lines.Err()
}

func total(of <-chan int) (sum int) {
	for w := range of { // want `this range never ends if weights returns at line \d+: that way it does not close of, and nobody else does`
		sum += w
	}
	return sum
}

func Weigh(in io.Reader) (int, error) {
	of := make(chan int, 8)
	sum := make(chan int, 1)
	go func() { sum <- total(of) }()
	if err := weights(in, of); err != nil {
		return 0, err
	}
	return <-sum, nil
}

// The channel is closed by a defer here.
func lengths(in io.Reader, to chan<- int) error {
	defer close(to)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if lines.Text() == "" {
			return errors.New("empty")
		}
		to <- len(lines.Text())
	}
	return lines.Err()
}

func Measure(in io.Reader) (int, error) {
	of := make(chan int, 8)
	sum := make(chan int, 1)
	go func() {
		n := 0
		for l := range of {
			n += l
		}
		sum <- n
	}()
	if err := lengths(in, of); err != nil {
		return 0, err
	}
	return <-sum, nil
}

// A program that ends with the error leaves nobody behind.
func prices(in io.Reader, to chan<- int) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		p, err := strconv.Atoi(lines.Text())
		if err != nil {
			return err
		}
		to <- p
	}
	close(to)
	return nil
}

func Pay(in io.Reader) int {
	of := make(chan int, 8)
	sum := make(chan int, 1)
	go func() {
		n := 0
		for p := range of {
			n += p
		}
		sum <- n
	}()
	if err := prices(in, of); err != nil {
		log.Fatal(err)
	}
	return <-sum
}

// Who tries again closes it in the end.
func sizes(in *bufio.Scanner, to chan<- int) error {
	for in.Scan() {
		s, err := strconv.Atoi(in.Text())
		if err != nil {
			return err
		}
		to <- s
	}
	close(to)
	return nil
}

func Sizes(in io.Reader) int {
	of := make(chan int, 8)
	sum := make(chan int, 1)
	go func() {
		n := 0
		for s := range of {
			n += s
		}
		sum <- n
	}()
	lines := bufio.NewScanner(in)
	for {
		if err := sizes(lines, of); err == nil {
			break
		}
	}
	return <-sum
}

// What has been read is summed up when there was no error only.
func ages(in io.Reader, to chan<- int) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		a, err := strconv.Atoi(lines.Text())
		if err != nil {
			return err
		}
		to <- a
	}
	close(to)
	return nil
}

func Ages(in io.Reader) (sum int, err error) {
	of := make(chan int, 64)
	if err := ages(in, of); err != nil {
		return 0, err
	}
	done := make(chan bool)
	go func() {
		for a := range of {
			sum += a
		}
		close(done)
	}()
	<-done
	return sum, nil
}
