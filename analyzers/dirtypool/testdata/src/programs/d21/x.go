// Package d21: options of a builder, chained methods.
package d21

import (
	"strings"
	"sync"
)

type URL struct {
	host  string
	path  []string
	query []string
	frag  string
}

var urls = sync.Pool{New: func() any { return &URL{} }}

func Get() *URL { return urls.Get().(*URL) }

func (u *URL) Host(h string) *URL { u.host = h; return u }
func (u *URL) Path(p string) *URL { u.path = append(u.path, p); return u }
func (u *URL) Query(k, v string) *URL {
	u.query = append(u.query, k+"="+v)
	return u
}
func (u *URL) Frag(f string) *URL { u.frag = f; return u }

func (u *URL) Build() string {
	s := u.host + "/" + strings.Join(u.path, "/")
	if len(u.query) > 0 {
		s += "?" + strings.Join(u.query, "&")
	}
	if u.frag != "" {
		s += "#" + u.frag
	}
	u.path = u.path[:0]
	u.frag = ""
	urls.Put(u)
	return s
}

func Search(q string) string { return Get().Host("x").Path("search").Query("q", q).Build() } // want `\*URL goes back to urls with field query still set, which its next user reads`
