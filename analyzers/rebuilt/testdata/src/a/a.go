package a

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/tls"
	"database/sql"
	htmltemplate "html/template"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"text/template"
)

func Valid(s string) bool {
	ok, _ := regexp.MatchString(`^\d+$`, s) // want `regexp.MatchString compiles the pattern on every call, and never changes`
	return ok
}

func Any(s string, patterns []string) bool {
	for _, p := range patterns {
		if ok, _ := regexp.MatchString(p, s); ok { // differs
			return true
		}
	}
	return false
}

func words(lines []string) (n int) {
	for _, line := range lines {
		re, err := regexp.Compile(`\w+`)
		if err != nil {
			return 0
		}
		n += len(re.FindAllString(line, -1))
	}
	return n
}

func mustCompile(pattern string) *regexp.Regexp {
	return regexp.MustCompile("^" + pattern + "$")
}

func compile(pattern string) *regexp.Regexp {
	return regexp.MustCompile(pattern)
}

func matches(pattern, s string) bool {
	re := regexp.MustCompile(pattern)
	return re.MatchString(s)
}

func Phone(s string) bool {
	return compile(`^\+?\d+$`).MatchString(s) // want `compile compiles the pattern on every call`
}

func Mail(s string) bool {
	re := compile(`^.+@.+$`) // want `compile compiles the pattern on every call`
	return re.MatchString(s)
}

func Page(w io.Writer, name string) error {
	t := template.Must(template.New("page").Parse("Hello {{.}}")) // want `template.Must parses the template on every call, and never changes|Parse parses the template on every call`
	return t.Execute(w, name)
}

func Named(w io.Writer, name string) error {
	t, err := htmltemplate.New("page").Funcs(htmltemplate.FuncMap{"up": strings.ToUpper}).Parse("Hello {{.}}") // want `Parse parses the template on every call`
	if err != nil {
		return err
	}
	return t.Execute(w, name)
}

func Localized(w io.Writer, name string, tr func(string) string) error {
	t, err := htmltemplate.New("page").Funcs(htmltemplate.FuncMap{"tr": tr}).Parse("Hello {{.}}") // has tr
	if err != nil {
		return err
	}
	return t.Execute(w, name)
}

func Escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(s) // want `strings.NewReplacer makes a replacer on every call`
}

func Fill(s, name string) string {
	return strings.NewReplacer("{name}", name).Replace(s)
}

// What is kept, and by whom.

type Filter struct{ re *regexp.Regexp }

func NewFilter(s string) *Filter {
	return &Filter{re: regexp.MustCompile(`\d+`)}
}

func (f *Filter) Reset(s string) {
	f.re = regexp.MustCompile(`\d+`)
}

func digits(s string) *regexp.Regexp {
	return regexp.MustCompile(`\d+`)
}

var (
	once  sync.Once
	found *regexp.Regexp
)

func Once(s string) bool {
	once.Do(func() { found = regexp.MustCompile(`x`) })
	return found.MatchString(s)
}

var cached *regexp.Regexp

func Cached(s string) bool {
	if cached == nil {
		cached = regexp.MustCompile(`y`)
	}
	return cached.MatchString(s)
}

var cache sync.Map

func Looked(s string) bool {
	if v, ok := cache.Load("z"); ok {
		return v.(*regexp.Regexp).MatchString(s)
	}
	re := regexp.MustCompile(`z`)
	cache.Store("z", re)
	return re.MatchString(s)
}

// Compressors.

func each(blocks [][]byte) (n int) {
	var buf bytes.Buffer
	for _, b := range blocks {
		z := gzip.NewWriter(&buf) // want `gzip.NewWriter allocates about 800 KB on every iteration`
		z.Write(b)
		z.Close()
		r := flate.NewReader(&buf) // want `flate.NewReader allocates about 40 KB on every iteration`
		r.Close()
	}
	return buf.Len()
}

func single(w io.Writer, b []byte) {
	z := gzip.NewWriter(w)
	z.Write(b)
	z.Close()
}

func many(blocks [][]byte) (n int) {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	for _, b := range blocks {
		z.Reset(&buf)
		z.Write(b)
		z.Close()
	}
	return buf.Len()
}

var spare = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

var pool sync.Pool

func pooled(w http.ResponseWriter, req *http.Request) {
	z, ok := pool.Get().(*gzip.Writer)
	if !ok {
		z = gzip.NewWriter(w)
	}
	z.Reset(w)
	z.Close()
	pool.Put(z)
}

// Connections.

func query(w http.ResponseWriter, req *http.Request) {
	db, err := sql.Open("driver", "name") // want `sql.Open makes a pool of connections and a goroutine on every call, and nobody closes it: they pile up`
	if err != nil {
		return
	}
	db.Exec("x")
}

func queryClosed(w http.ResponseWriter, req *http.Request) {
	db, err := sql.Open("driver", "name") // want `sql.Open makes a pool of connections and a goroutine on every request; make one, and let all share it`
	if err != nil {
		return
	}
	defer db.Close()
	db.Exec("x")
}

type Store struct{ db *sql.DB }

func Connect(name string) (*Store, error) {
	db, err := sql.Open("driver", name)
	if err != nil {
		return nil, err
	}
	return &Store{db}, nil
}

func Migrate(name string) error {
	db, err := sql.Open("driver", name)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("x")
	return err
}

func Download(url string) (*http.Response, error) {
	tr := &http.Transport{Proxy: nil} // want `each call makes an http.Transport of its own and forgets it`
	c := http.Client{Transport: tr}
	return c.Get(url)
}

func DownloadOnce(url string) (*http.Response, error) {
	tr := &http.Transport{DisableKeepAlives: true}
	c := http.Client{Transport: tr}
	return c.Get(url)
}

func DownloadClosed(url string) (*http.Response, error) {
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	c := http.Client{Transport: tr}
	return c.Get(url)
}

func DownloadAll(urls []string) {
	c := Client()
	for _, url := range urls {
		c.Get(url)
	}
}

func Client() *http.Client {
	return &http.Client{Transport: &http.Transport{}}
}

// Made to see whether the level is one.
func validLevels(w http.ResponseWriter, r *http.Request) {
	for level := range 3 {
		if _, err := gzip.NewWriterLevel(io.Discard, level); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	}
}

// What a function value returns is parsed, too.
func parsed(of func() *template.Template, text string) (*template.Template, error) {
	return of().Parse(text)
}

// Transports that functions of the package make and get.

func insecureClient(skip bool) (*http.Client, error) {
	tr := &http.Transport{}
	if skip {
		tr.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	return &http.Client{Transport: tr}, nil
}

func (s *mirror) fetch(w http.ResponseWriter, r *http.Request) {
	c, err := insecureClient(true) // want `insecureClient makes an http.Transport of its own, and this function forgets it`
	if err != nil {
		return
	}
	relay(c, w, r)
}

func relay(c *http.Client, w http.ResponseWriter, r *http.Request) {
	resp, err := c.Get("http://backend" + r.URL.Path)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	io.Copy(w, resp.Body)
}

func (s *mirror) pass(w http.ResponseWriter, r *http.Request) {
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}} // want `each call makes an http.Transport of its own and forgets it`
	relay(c, w, r)
}

type mirror struct{ client *http.Client }

func newMirror() *mirror {
	c, err := insecureClient(false)
	if err != nil {
		return nil
	}
	return &mirror{c}
}

func (s *mirror) keep(w http.ResponseWriter, r *http.Request) {
	c := &http.Client{Transport: &http.Transport{}}
	s.adopt(c)
	relay(c, w, r)
}

func (s *mirror) adopt(c *http.Client) { s.client = c }

func (s *mirror) closing(w http.ResponseWriter, r *http.Request) {
	c, err := insecureClient(true)
	if err != nil {
		return
	}
	defer c.CloseIdleConnections()
	relay(c, w, r)
}
