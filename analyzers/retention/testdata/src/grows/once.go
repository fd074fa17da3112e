package grows

import (
	"log"
	"net"
	"net/http"
	"strings"
)

// What is filled when it is first needed, and only then.

var reserved []*net.IPNet

func isReserved(w http.ResponseWriter, r *http.Request) {
	if reserved == nil {
		for _, s := range []string{"10.0.0.0/8", "fc00::/7"} {
			if _, n, err := net.ParseCIDR(s); err == nil {
				reserved = append(reserved, n)
			}
		}
	}
	for _, n := range reserved {
		if n.Contains(net.ParseIP(r.RemoteAddr)) {
			http.Error(w, "reserved", http.StatusForbidden)
			return
		}
	}
}

var words []string

func suggest(w http.ResponseWriter, r *http.Request) {
	if len(words) == 0 {
		words = append(words, strings.Fields(dictionary)...)
	}
	w.Write([]byte(words[0]))
}

const dictionary = "a list of words"

var visits []string

func visit(w http.ResponseWriter, r *http.Request) {
	if visits == nil {
		log.Print("the first one")
	}
	visits = append(visits, r.URL.Path) // want `visits only grows: visit appends to it for every request`
}

// What a literal adds to while the function around it waits for that, and then reads.

func trail(url string) ([]string, error) {
	var hops []string
	c := &http.Client{
		Transport: roundTrip(func(w http.ResponseWriter, r *http.Request) {
			hops = append(hops, r.URL.Host)
		}),
	}
	resp, err := c.Get(url)
	if err != nil {
		return nil, err
	}
	resp.Body.Close()
	return hops, nil
}

func roundTrip(func(http.ResponseWriter, *http.Request)) http.RoundTripper { return nil }

func trailOf() http.HandlerFunc {
	var hops []string
	return func(w http.ResponseWriter, r *http.Request) {
		hops = append(hops, r.URL.Host) // want `hops only grows: trailOf appends to it for every request`
	}
}
