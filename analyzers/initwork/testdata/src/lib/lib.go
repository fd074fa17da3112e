package lib

import (
	"net/http"
	"os"
	"os/exec"
)

func Fetch(url string) string { // want Fetch:"work: network, exec, file by http.Get"
	os.ReadFile("cache")
	exec.Command("true").Run()
	http.Get(url)
	return url
}

func Start() { // want Start:"work: goroutine by "
	go forever()
}

func forever() {
	for {
	}
}

type Store struct{}

func (*Store) Load() error { // want Load:"work: file by os.Open"
	f, err := os.Open("store")
	if err != nil {
		return err
	}
	return f.Close()
}

func Later() func() {
	return func() { os.ReadFile("x") }
}

func Maybe(ok bool) {
	if ok {
		os.ReadFile("x")
	}
}

func Table() (sum int) { // want Table:"work:  by "
	for i := range 100_000 {
		sum += i
	}
	return sum
}
