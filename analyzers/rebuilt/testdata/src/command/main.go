// Package main is a command: what it makes, it makes once.
package main

import (
	"compress/gzip"
	"flag"
	"net/http"
	"os"
	"regexp"
)

var digits = regexp.MustCompile(`\d+`)

func main() {
	flag.Parse()
	for _, arg := range flag.Args() {
		println(digits.MatchString(arg))
	}
	get(flag.Arg(0))
	pack(flag.Arg(1))
}

func get(url string) {
	re := regexp.MustCompile(`^https?:`)
	if !re.MatchString(url) {
		return
	}
	c := http.Client{Transport: &http.Transport{}}
	c.Get(url)
}

func pack(name string) {
	z := gzip.NewWriter(os.Stdout)
	z.Write([]byte(name))
	z.Close()
}

type Command struct{ Run func(*Command, []string) }

func run(cmd *Command, s string) {
	println(regexp.MustCompile(`\d+`).MatchString(s))
}
