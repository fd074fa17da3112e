package a

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

func mark() {}

func check() error { return nil }

// Loops.

func loops(xs []int, m map[string]int, n int, seq func(func(int) bool)) {
	mark() // want "cold: once, depth 0"
	for range xs {
		mark() // want "loop: on every iteration, depth 1"
		for range m {
			mark() // want "loop: on every iteration, depth 2"
		}
	}
	for i := 0; i < n; i++ {
		mark() // want "loop"
	}
	for i := range seq {
		_ = i
		mark() // want "loop"
	}
	for i := n; i > 0; i-- {
		mark() // want "loop"
	}
}

func small(n int, array [4]int) {
	for range 3 {
		mark() // want "cold"
	}
	for i := 0; i < 8; i++ {
		mark() // want "cold"
		for range n {
			mark() // want "loop: on every iteration, depth 1"
		}
	}
	for i := 7; i >= 0; i-- {
		mark() // want "cold"
	}
	for range array {
		mark() // want "cold"
	}
	for range []string{"a", "b"} {
		mark() // want "cold"
	}
	for range kinds {
		mark() // want "cold"
	}
	for range 1000 {
		mark() // want "loop"
	}
}

var kinds = []string{"a", "b", "c"}

func leaving(xs []int) int {
	for i, x := range xs {
		if x == 1 {
			mark() // want "cold"
			return i
		}
		if x == 2 {
			mark() // want "cold"
			break
		}
		if x == 3 {
			mark() // want "loop"
			continue
		}
		switch x {
		case 4:
			mark() // want "loop"
			break
		case 5:
			mark() // want "cold"
			panic("five")
		}
		for range xs {
			if x == 6 {
				mark() // want "loop: on every iteration, depth 1"
				break
			}
		}
	}
	for {
		mark() // want "cold"
		return 0
	}
}

func failing(xs []int) error {
	for range xs {
		if err := check(); err != nil {
			mark() // want "cold"
			continue
		}
		err := check()
		if err == nil {
			mark() // want "loop"
		} else {
			mark() // want "cold"
		}
		if len(xs) > 3 && err != nil {
			mark() // want "cold"
		}
		if len(xs) > 3 || err != nil {
			mark() // want "loop"
		}
	}
	if len(xs) == 0 {
		for range xs {
			mark() // want "cold"
		}
		return errors.New("empty")
	}
	return fmt.Errorf("%d", len(xs))
}

func waiting(ch chan int, l net.Listener, n *atomic.Int64, names []string) {
	for range ch {
		mark() // want "cold"
	}
	for {
		mark() // want "cold"
		time.Sleep(1)
	}
}

func waiting2(ch chan int, l net.Listener, n *atomic.Int64, names []string) {
	for range names {
		select {
		case <-ch:
			mark() // want "cold"
		}
	}
	for range names {
		mark() // want "cold"
		go check()
	}
	var group sync.WaitGroup
	for range names {
		mark() // want "cold"
		group.Go(mark)
	}
	for range names {
		mark() // want "cold"
		l.Accept()
	}
	for _, name := range names {
		mark() // want "cold"
		open(name)
	}
	for _, name := range names {
		mark() // want "loop"
		if err := check(); err != nil {
			open(name)
		}
	}
	for {
		old := n.Load()
		mark() // want "cold"
		if n.CompareAndSwap(old, old+1) {
			break
		}
	}
}

func open(name string) {
	os.Open(name)
}

// Function literals.

func literals(xs []int, f func(func())) {
	for range xs {
		func() {
			mark() // want "loop"
		}()
		defer func() {
			mark() // want "cold"
		}()
		f(func() {
			mark() // want "cold"
		})
	}
	sort.Slice(xs, func(i, j int) bool {
		mark() // want "loop: on every iteration, depth 1"
		return false
	})
	slices.SortFunc(xs, func(a, b int) int {
		mark() // want "loop"
		return 0
	})
	step := func() {
		mark() // want "loop by a call: on every call, depth 0"
	}
	for range xs {
		step()
	}
	never := func() {
		mark() // want "cold"
	}
	never()
}

// Functions that are called in loops.

func callers(xs []int) {
	for range xs {
		direct()
		if err := check(); err != nil {
			onlyOnError()
		}
	}
	onlyOnce()
}

func direct() {
	mark() // want "loop by a call: on every call, depth 0"
	indirect()
}

func indirect() {
	mark() // want "loop by a call"
	tooFar()
}

func tooFar() {
	mark() // want "cold"
}

func onlyOnError() {
	mark() // want "cold"
}

func onlyOnce() {
	mark() // want "cold"
}

func recursive(n int) {
	mark() // want "cold"
	for range n {
		recursive(n - 1)
	}
}

// Handlers.

type server struct{}

func (server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	mark() // want "request: on every request"
	helper()
	if req.Method == "" {
		mark() // want "request"
		return
	}
	for range req.Header {
		mark() // want "loop"
	}
}

func helper() {
	mark() // want "request by a call: on every request"
}

func register() {
	http.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) {
		mark() // want "request"
	})
}

// By hand.

//heapvet:hot
func declared(xs []int) {
	mark() // want "declared: on every call"
	if err := check(); err != nil {
		mark() // want "cold"
	}
}

//heapvet:cold
func notHot(xs []int) {
	for range xs {
		mark() // want "cold"
	}
}

// heapvet:cold with a space is an ordinary comment.
func ordinary(xs []int) {
	for range xs {
		mark() // want "loop"
	}
}

// Once.

var table = func() int {
	mark() // want "cold"
	return 0
}()

func init() {
	for range kinds {
		mark() // want "cold"
	}
	for range 1000 {
		mark() // want "cold"
	}
	fill(1000)
	shared(1000)
}

func fill(n int) {
	for range n {
		mark() // want "cold"
	}
}

func shared(n int) {
	for range n {
		mark() // want "loop"
	}
}

func usesShared() { shared(1000) }

var once sync.Once

func lazy(n int) {
	once.Do(func() {
		for range n {
			mark() // want "cold"
		}
	})
	once.Do(setup)
}

func setup() {
	for range 1000 {
		mark() // want "cold"
	}
}

var parse = sync.OnceValue(func() int {
	for range 1000 {
		mark() // want "cold"
	}
	return 0
})

// Something is stuck.
func stuck(xs []int, late func() bool) {
	for range xs {
		if late() {
			mark() // want "cold"
			buf := make([]byte, 1<<20)
			n := runtime.Stack(buf, true)
			fmt.Println(string(buf[:n]))
			continue
		}
		if late() {
			mark() // want "loop"
			continue
		}
		mark() // want "loop"
	}
}
