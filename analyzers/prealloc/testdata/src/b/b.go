// Package b has loops that are short, slow or cold.
package b

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"

	"example.com/other"
)

type Config struct{ Hosts []string }

type HostConfig struct{ Name string }

type server struct {
	opts  Config
	names []string
}

// Silent: short by nature.

func Types(in []reflect.Type) []string {
	var out []string
	for _, t := range in {
		out = append(out, t.Name())
	}
	return out
}

func Variadic(in ...string) []string {
	var out []string
	for _, s := range in {
		out = append(out, s+"!")
	}
	return out
}

func CommandLine(cmd *exec.Cmd) []string {
	var out []string
	for _, arg := range cmd.Args {
		out = append(out, arg+"!")
	}
	return out
}

func Values(h http.Header) (out []string) {
	for name, values := range h {
		var upper []string
		for _, v := range values {
			upper = append(upper, name+v)
		}
		out = append(out, strings.Join(upper, ","))
	}
	return out
}

func Query(q url.Values) map[string]string {
	m := make(map[string]string)
	for k, v := range q {
		m[k] = v[0]
	}
	return m
}

type Level uint

const (
	Low Level = iota
	High
)

func Levels(in map[Level]string) []string {
	var out []string
	for _, s := range in {
		out = append(out, s+"!")
	}
	return out
}

type site struct {
	Paths []string `yaml:"paths"`
	Names []string `json:"names"`
}

func (s *site) Clean() []string {
	var out []string
	for _, p := range s.Paths {
		out = append(out, p+"/")
	}
	return out
}

var table = []string{"a", "b", "c"}

func Table() map[string]int {
	m := make(map[string]int)
	for i, s := range table {
		m[s] = i
	}
	return m
}

type mapping struct {
	list []string
	set  map[string]bool
}

func (m *mapping) add(s string) {
	if m.set == nil && len(m.list) < 8 {
		m.list = append(m.list, s)
	} else {
		if m.set == nil {
			m.set = map[string]bool{}
			for i, s := range m.list {
				m.set[s] = i > 0
			}
		}
		m.set[s] = true
	}
}

type node struct {
	name     string
	children []*node
}

func names(n *node) [][]string {
	var out [][]string
	for _, c := range n.children {
		out = append(out, slices.Concat(names(c)...))
	}
	return out
}

func Addresses(first string, more bool) []string {
	in := []string{first}
	if more {
		in = append(in, "localhost")
	}
	var out []string
	for _, s := range in {
		out = append(out, s+":80")
	}
	return out
}

func Columns(line string) []string {
	parts := strings.SplitN(line, ",", 4)
	var out []string
	for _, p := range parts {
		out = append(out, p+"!")
	}
	return out
}

type machine struct {
	profile struct{ network struct{ cards []string } }
}

func Cards(m *machine) []string {
	var out []string
	for _, c := range m.profile.network.cards {
		out = append(out, c+"!")
	}
	return out
}

func Attributes(a *other.Object) map[string]string {
	m := make(map[string]string)
	for k, v := range a.Labels {
		m[k] = v
	}
	return m
}

func Synced(in []string, stop <-chan struct{}, wait func(<-chan struct{}, string) bool) map[string]bool {
	m := make(map[string]bool)
	for i, s := range in {
		m[s] = wait(stop, s) && i > 0
	}
	return m
}

// Silent: hosts of a configuration, unless something asks for them often.

func (s *server) Settings() []string {
	var out []string
	for _, h := range s.opts.Hosts {
		out = append(out, h+"!")
	}
	return out
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var out []string // want `out grows`
	for _, h := range s.opts.Hosts {
		out = append(out, h+"!")
	}
	io.WriteString(w, out[0])
}

// Reported: neither.

func Hosts(in []*HostConfig) map[string]*HostConfig {
	m := make(map[string]*HostConfig) // want `m receives`
	for _, h := range in {
		m[h.Name] = h
	}
	return m
}

func Objects(in map[string]any) []string {
	var out []string // want `out grows`
	for k := range in {
		out = append(out, k+"!")
	}
	return out
}

func Without(in map[string]string, names ...string) map[string]string {
	m := make(map[string]string) // want `m receives`
	for k, v := range in {
		m[k] = v
	}
	for _, name := range names {
		delete(m, name)
	}
	return m
}

func Write(w io.Writer, in []string) (int, error) {
	var lines []string // want `lines grows`
	for _, s := range in {
		lines = append(lines, s+"!")
	}
	return io.WriteString(w, strings.Join(lines, "\n"))
}

func Parsed(in []string) (out []*other.Object, err error) { // want `out grows`
	for _, s := range in {
		o, err := other.Parse(s)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

func Joined(h string, in []string) []string {
	hosts := make([]string, 0) // want `hosts grows`
	for _, s := range in {
		hosts = append(hosts, net.JoinHostPort(h, s))
	}
	return hosts
}

func (s *site) Greet() []string {
	var out []string // want `out grows`
	for _, n := range s.Names {
		out = append(out, "hello "+n)
	}
	return out
}

func Guarded(in []string) []string {
	if len(in) < 2 {
		return nil
	}
	var out []string // want `out grows`
	for _, s := range in {
		out = append(out, s+"!")
	}
	return out
}

func (s *server) Names() []string {
	var out []string // want `out grows`
	for _, h := range s.names {
		out = append(out, h+"!")
	}
	return out
}

// Silent: an iteration takes far longer than the growth.

func Remote(ctx context.Context, in []string, get func(context.Context, string) string) []string {
	var out []string
	for _, s := range in {
		out = append(out, get(ctx, s))
	}
	return out
}

func Open(in []string, open func(string) (io.ReadCloser, error)) ([]io.ReadCloser, error) {
	var out []io.ReadCloser
	for _, s := range in {
		f, err := open(s)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func Start(in []string, f func(string)) []chan bool {
	var out []chan bool
	for _, s := range in {
		done := make(chan bool)
		go func() { f(s); close(done) }()
		out = append(out, done)
	}
	return out
}

// Silent: runs once.

type index struct {
	names  []string
	sorted []string
}

func newIndex(n int, name func(int) string) *index {
	x := &index{names: make([]string, n)}
	for i := range x.names {
		x.names[i] = name(i)
	}
	for _, name := range x.names {
		x.sorted = append(x.sorted, name)
	}
	slices.Sort(x.sorted)
	return x
}

// Reported: what it is handed may be large.

func serverOf(peers *server) *server {
	s := &server{}
	for _, name := range peers.names {
		s.names = append(s.names, name) // want `s.names grows`
	}
	return s
}

func SiteOf(in []string) *site {
	s := &site{}
	for _, name := range in {
		s.Names = append(s.Names, name) // want `s.Names grows by append to len\(in\)`
	}
	return s
}

func (s *server) UnmarshalYAML(unmarshal func(any) error) error {
	var raw []string
	if err := unmarshal(&raw); err != nil {
		return err
	}
	var names []string
	for _, r := range raw {
		names = append(names, r+"!")
	}
	s.names = names
	return nil
}

var (
	once  sync.Once
	words []string
	upper = func(in []string) []string {
		var out []string
		for _, w := range in {
			out = append(out, w+"!")
		}
		return out
	}(words)
)

func Words() []string {
	once.Do(func() {
		var out []string
		for _, w := range upper {
			out = append(out, w+"!")
		}
		words = out
	})
	return words
}

func init() {
	words = setup(upper)
	for range 100 {
		words = repeated(upper)
	}
}

func setup(in []string) []string {
	var out []string
	for _, w := range in {
		out = append(out, w+"!")
	}
	return out
}

// Reported: called again and again.
func repeated(in []string) []string {
	var out []string // want `out grows`
	for _, w := range in {
		out = append(out, w+"!")
	}
	return out
}

// Not reported: a constructor equips its object once.
type router struct {
	byName map[string]*site
	names  []string
}

func NewRouter(sites []*site, names []string) (*router, error) {
	byName := make(map[string]*site)
	for i, s := range sites {
		byName[names[i]] = s
	}
	var list []string
	for _, n := range names {
		list = append(list, n+"/")
	}
	r := &router{byName: byName}
	r.names = list
	return r, nil
}

// Reported: of an object that a handler makes.
func NewReply(names []string) *router {
	var list []string // want `list grows by append to len\(names\)`
	for _, n := range names {
		list = append(list, n+"/")
	}
	return &router{names: list}
}

func handle(w http.ResponseWriter, r *http.Request) {
	reply := NewReply(r.URL.Query()["name"])
	io.WriteString(w, reply.names[0])
}

// Not reported: many hosts are in one zone.
type zone struct{ name string }

func zoneOf(s *site) string { return strings.ToLower(s.Names[0][:2]) }

func zones(sites []*site) map[string]zone {
	m := make(map[string]zone)
	for _, s := range sites {
		m[zoneOf(s)] = zone{s.Names[0]}
	}
	return m
}
