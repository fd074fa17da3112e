package a

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"

	"lib"
)

// Network.

var page, _ = http.Get("http://localhost") // want `the initial value of page uses the network \(http.Get\)`

var client = &http.Client{Timeout: time.Second}

func init() {
	resp, err := client.Do(nil) // want `init uses the network \(http.Client.Do\) before main begins in every`
	if err != nil {
		return
	}
	defer resp.Body.Close()
	io.ReadAll(resp.Body)
}

func init() {
	if addrs := lookup(); len(addrs) > 0 { // want `init uses the network \(lookup → lookupNow → net.LookupHost\)`
		fmt.Println(addrs)
	}
}

func lookup() []string { return lookupNow("localhost") }

func lookupNow(host string) []string {
	addrs, _ := net.LookupHost(host)
	return addrs
}

var fetched = lib.Fetch("x") // want `the initial value of fetched uses the network \(lib.Fetch → http.Get\)`

var local, _ = net.ResolveTCPAddr("tcp", "127.0.0.1:80")
var any4, _ = net.ResolveUDPAddr("udp", ":53")
var named, _ = net.ResolveTCPAddr("tcp", "db.example.com:80") // want `the initial value of named uses the network`

var pool, _ = sql.Open("postgres", "")

// Processes.

var version = func() string {
	out, _ := exec.Command("git", "describe").Output() // want `the initial value of version runs a process \(exec.Cmd.Output\)`
	return strings.TrimSpace(string(out))
}()

var later = func() string {
	out, _ := exec.Command("git", "describe").Output()
	return string(out)
}

var once = sync.OnceValue(later)

// Sleep.

func init() {
	<-time.After(time.Second) // want `init sleeps \(time.After\)`
	time.Sleep(time.Microsecond)
	wait() // want `init sleeps \(wait → time.Sleep\)`
}

func wait() {
	for range 3 {
		time.Sleep(100 * time.Millisecond)
	}
}

// Files.

var config = mustRead("config.json") // want `the initial value of config uses files \(mustRead → os.ReadFile\)`

func mustRead(name string) []byte {
	b, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return b
}

func init() {
	var s lib.Store
	if err := s.Load(); err == nil { // want `init uses files \(lib.Store.Load → os.Open\)`
		fmt.Println("loaded")
	}
	if err := s.Load(); errors.Is(err, os.ErrNotExist) { // want `init uses files`
		return
	}
	os.MkdirAll("x", 0o777)
}

var zone, _ = time.LoadLocation("Europe/Oslo") // want `the initial value of zone uses files \(time.LoadLocation\)`
var utc, _ = time.LoadLocation("UTC")
var null, _ = os.Open(os.DevNull)

// Goroutines.

func init() {
	go func() { // want `init starts a goroutine before main begins in every program that imports the package, used or not, and nobody can stop it`
		for range time.Tick(time.Second) {
			fmt.Println()
		}
	}()
	lib.Start() // want `init starts a goroutine \(lib.Start\)`
}

var logger = newLogger() // want `the initial value of logger starts a goroutine \(newLogger\)`

type log struct{ lines chan string }

func newLogger() *log {
	l := &log{make(chan string)}
	go l.run()
	return l
}

func (l *log) run() {
	for line := range l.lines {
		fmt.Println(line)
	}
}

// Computing.

var key, _ = rsa.GenerateKey(rand.Reader, 2048) // want `the initial value of key computes much \(rsa.GenerateKey\)`

var hash = func() (sum [32]byte) {
	for range 100_000 { // want `the initial value of hash computes for some milliseconds`
		sum = sha256.Sum256(sum[:])
	}
	return sum
}()

const limit = 2_000_000

var primes = sieve() // want `the initial value of primes computes for some milliseconds`

func sieve() (list []int) {
	composite := make([]bool, limit)
	for i := 2; i < limit; i++ {
		if composite[i] {
			continue
		}
		list = append(list, i)
		for j := i * i; j < limit; j += i {
			composite[j] = true
		}
	}
	return list
}

var found = func() (list []int) {
	for n := 0; len(list) < 400_000; n++ { // want `the initial value of found computes for some milliseconds`
		if n%3 == 0 {
			list = append(list, n)
		}
		_ = n * n
	}
	return list
}()

var grid [1000][1000]float64

func init() {
	for i := range grid { // want `init computes for some milliseconds`
		for j := range grid[i] {
			grid[i][j] = float64(i) / float64(j+1)
		}
	}
}

var answer = fib(40) // want `the initial value of answer computes for some milliseconds`
var small = fib(10)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

var roots = make(map[int]int)

func init() {
	for i := range 50_000 { // want `init computes for some milliseconds`
		roots[i*i] = i
	}
}

var crc [256]uint32

func init() {
	for i := range crc {
		c := uint32(i)
		for range 8 {
			c = c>>1 ^ 0xedb88320&-(c&1)
		}
		crc[i] = c
	}
	for range 20 { // want `init computes for some milliseconds`
		lib.Table()
	}
}

// What init is for.

var (
	verbose = flag.Bool("v", false, "talk")
	word    = regexp.MustCompile(`\w+`)
	errs    = errors.New("x")
	mu      sync.Mutex
	table   = map[string]int{"a": 1}
)

func init() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		os.ReadFile("index.html")
	})
	if os.Getenv("TRACE") != "" {
		os.Create("trace")
	}
	if os.Getenv("HOME") == "" {
		return
	}
	os.ReadFile("rc")
	switch os.Getenv("MODE") {
	case "x":
		go wait()
	}
	handlers = append(handlers, wait, func() { time.Sleep(time.Second) })
}

var handlers []func()

func Exported() { // want Exported:"work: file by os.ReadFile"
	os.ReadFile("x")
}
