//go:build ignore

// proof: leak

package main

func query(host string) string { return host }

func fastest(hosts []string) string {
	first := make(chan string)
	for _, h := range hosts {
		go func() { first <- query(h) }()
	}
	return <-first
}

func run() { fastest([]string{"a", "b", "c"}) }
