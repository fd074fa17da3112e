// Package wraps has clients whose transports wrap another.
package wraps

import (
	"context"
	"log"
	"net/http"
	"time"
)

// agent names the program in each request, and leaves the waiting to base.
type agent struct {
	name string
	base http.RoundTripper
}

func (a *agent) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", a.name)
	resp, err := a.base.RoundTrip(req)
	if err != nil {
		log.Printf("%s: %v", req.URL, err)
		return nil, err
	}
	return resp, nil
}

type forecast struct{ hc *http.Client }

func newForecast(name string) *forecast {
	hc := &http.Client{Transport: &agent{name: name, base: http.DefaultTransport}} // want `this http.Client has no Timeout, and sends requests without a deadline`
	return &forecast{hc}
}

func (f *forecast) today(url string) error { return closed(f.hc.Get(url)) }

func closed(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// basic is a value, and takes the default if it has none.
type basic struct {
	user, password string
	http.RoundTripper
}

func (b basic) RoundTrip(req *http.Request) (*http.Response, error) {
	sign(req, b)
	next := b.RoundTripper
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(req)
}

func sign(req *http.Request, b basic) { req.SetBasicAuth(b.user, b.password) }

func login(url, user, password string) error {
	c := &http.Client{Transport: basic{user: user, password: password}} // want `this http.Client has no Timeout`
	return closed(c.Get(url))
}

// The one within is one of its own.
func loginDirectly(url, user, password string) error {
	c := http.Client{Transport: basic{user, password, &http.Transport{MaxIdleConns: 4}}} // want `this http.Client has no Timeout`
	return closed(c.Get(url))
}

// Wrapped twice.
func loginNamed(url, user, password string) error {
	c := http.Client{Transport: &named{"x", &named{"y", http.DefaultTransport}}} // want `this http.Client has no Timeout`
	return closed(c.Get(url))
}

type named struct {
	name string
	next http.RoundTripper
}

func (n *named) RoundTrip(req *http.Request) (*http.Response, error) {
	req.Header.Add("X-Name", n.name)
	return n.next.RoundTrip(req)
}

// Limits of some kind, in what wraps or in what is wrapped.

type patient struct{ base http.RoundTripper }

func (p *patient) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), time.Minute)
	_ = cancel
	return p.base.RoundTrip(req.WithContext(ctx))
}

type given struct {
	ctx  context.Context
	base http.RoundTripper
}

func (g *given) RoundTrip(req *http.Request) (*http.Response, error) {
	return g.base.RoundTrip(req.WithContext(g.ctx))
}

type helped struct{ base http.RoundTripper }

func (h *helped) RoundTrip(req *http.Request) (*http.Response, error) {
	return h.base.RoundTrip(limited(req))
}

func limited(req *http.Request) *http.Request {
	ctx, cancel := context.WithTimeout(req.Context(), time.Minute)
	context.AfterFunc(ctx, cancel)
	return req.WithContext(ctx)
}

type racing struct{ base http.RoundTripper }

func (r *racing) RoundTrip(req *http.Request) (*http.Response, error) {
	type answer struct {
		resp *http.Response
		err  error
	}
	c := make(chan answer, 1)
	go func() {
		resp, err := r.base.RoundTrip(req)
		c <- answer{resp, err}
	}()
	select {
	case a := <-c:
		return a.resp, a.err
	case <-time.After(time.Minute):
		return nil, context.DeadlineExceeded
	}
}

type canned struct{ base http.RoundTripper }

func (c *canned) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
}

// counted is given transports by all kinds of callers.
type counted struct {
	base http.RoundTripper
	n    int
}

func (c *counted) RoundTrip(req *http.Request) (*http.Response, error) {
	c.n++
	return c.base.RoundTrip(req)
}

func newCounted(base http.RoundTripper) *counted { return &counted{base: base} }

func careful(url string, base http.RoundTripper) {
	d := http.DefaultTransport
	for _, rt := range []http.RoundTripper{
		&patient{d}, &given{context.Background(), d}, &helped{d}, &racing{d}, &canned{d}, newCounted(d),
		&named{"z", base},
		&named{"z", &patient{d}},
		&named{"z", &http.Transport{ResponseHeaderTimeout: time.Second}},
	} {
		c := &http.Client{Transport: rt}
		_ = closed(c.Get(url))
	}
}

func carefulPatient(url string) error {
	return closed((&http.Client{Transport: &patient{http.DefaultTransport}}).Get(url))
}

func carefulGiven(ctx context.Context, url string) error {
	return closed((&http.Client{Transport: &given{ctx, http.DefaultTransport}}).Get(url))
}

func carefulHelped(url string) error {
	return closed((&http.Client{Transport: &helped{http.DefaultTransport}}).Get(url))
}

func carefulRacing(url string) error {
	return closed((&http.Client{Transport: &racing{http.DefaultTransport}}).Get(url))
}

func carefulCanned(url string) error {
	return closed((&http.Client{Transport: &canned{http.DefaultTransport}}).Get(url))
}

func carefulWithin(url string) error {
	return closed((&http.Client{Transport: &named{"z", &patient{http.DefaultTransport}}}).Get(url))
}

func carefulTransport(url string) error {
	return closed((&http.Client{Transport: &named{"z", &http.Transport{ResponseHeaderTimeout: time.Second}}}).Get(url))
}

func carefulParameter(url string, base http.RoundTripper) error {
	return closed((&http.Client{Transport: &named{"z", base}}).Get(url))
}

func carefulLater(url string, base http.RoundTripper) error {
	n := &named{name: "z", next: http.DefaultTransport}
	n.next = base
	return closed((&http.Client{Transport: n}).Get(url))
}

func carefulTimeout(url string) error {
	c := &http.Client{Timeout: time.Minute, Transport: &named{"z", http.DefaultTransport}}
	return closed(c.Get(url))
}

func carefulBoth(url string, c *http.Client) error {
	n := &named{name: "z"}
	wrap(n, c)
	return closed((&http.Client{Transport: n}).Get(url))
}

func wrap(n *named, c *http.Client) { n.next = c.Transport }

// What sends the request in the end is none of its fields.

var patiently = &http.Transport{ResponseHeaderTimeout: time.Second}

type shared struct{ name string }

func (s *shared) RoundTrip(req *http.Request) (*http.Response, error) {
	req.Header.Add("X-Name", s.name)
	return patiently.RoundTrip(req)
}

type asked struct{ name string }

func (a *asked) next() http.RoundTripper { return patiently }

func (a *asked) RoundTrip(req *http.Request) (*http.Response, error) {
	return a.next().RoundTrip(req)
}

type routed struct{ hosts map[string]http.RoundTripper }

func (r *routed) RoundTrip(req *http.Request) (*http.Response, error) {
	return r.hosts[req.URL.Host].RoundTrip(req)
}

type either struct{ base http.RoundTripper }

func (e *either) RoundTrip(req *http.Request) (*http.Response, error) {
	next := e.base
	if next == nil {
		next = patiently
	}
	return next.RoundTrip(req)
}

type deep struct {
	within struct{ base http.RoundTripper }
}

func (d *deep) RoundTrip(req *http.Request) (*http.Response, error) {
	next := d.within.base
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(req)
}

type lifted struct {
	basic
	n int
}

func carefulShared(url string) error {
	return closed((&http.Client{Transport: &shared{"z"}}).Get(url))
}

func carefulAsked(url string) error {
	return closed((&http.Client{Transport: &asked{"z"}}).Get(url))
}

func carefulRouted(url string) error {
	return closed((&http.Client{Transport: &routed{map[string]http.RoundTripper{"z": patiently}}}).Get(url))
}

func carefulEither(url string) error {
	return closed((&http.Client{Transport: &either{http.DefaultTransport}}).Get(url))
}

func carefulDeep(url string) error {
	d := new(deep)
	d.within.base = patiently
	return closed((&http.Client{Transport: d}).Get(url))
}

func carefulLifted(url string) error {
	return closed((&http.Client{Transport: lifted{basic: basic{RoundTripper: patiently}}}).Get(url))
}
