// Package extra is checked with -all.
package extra

import "fmt"

func plain(s string, n int, m map[string]int) string {
	for _, c := range s {
		n += m[s+":"+string(c)] // want `the key s \+ ":" \+ string\(c\) is put together on every iteration, on the heap if longer than 32 bytes`
	}
	return fmt.Sprintf("%s:%d", s, n) // want `fmt.Sprintf puts s and n into interfaces to join them; \+ needs no more than the result`
}

func three(a, b, c string) string {
	return fmt.Sprintf("%s/%s/%s", a, b, c) // want `fmt.Sprintf puts a, b and c into interfaces to join them; \+ needs no more than the result`
}

func bad(n int) error {
	if n < 0 {
		return fmt.Errorf("bad: %s", fmt.Sprint(n))
	}
	return nil
}
