// Package a has bodies that are lost beside others that are not.
package a

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"strings"
	"sync"
	"time"
)

// never

func never(c *http.Client, req *http.Request) (int, error) {
	resp, err := c.Do(req) // want `the body of resp is never closed`
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

func neverDecoded(url string, into any) error {
	resp, err := http.Get(url) // want `the body of resp is never closed`
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	return json.NewDecoder(bufio.NewReader(resp.Body)).Decode(into)
}

func noErrorCheck(url string) {
	resp, _ := http.Get(url) // want `the body of resp is never closed`
	log.Println(resp.Status)
}

func shortCircuit(url string) error {
	resp, err := http.Get(url) // want `not closed on the path that returns at line`
	if err != nil || resp.StatusCode != 200 {
		return errors.New("failed")
	}
	defer resp.Body.Close()
	_, err = io.Copy(os.Stdout, resp.Body)
	return err
}

func closedOnSuccessOnly(url string) (string, error) {
	resp, err := http.Get(url) // want `not closed on the path that returns at line`
	if err != nil {
		return "", err
	}
	b := new(strings.Builder)
	if _, err := io.Copy(b, resp.Body); err != nil {
		return "", err
	}
	resp.Body.Close()
	return b.String(), nil
}

// The transport keeps nothing of a body that has been read to its end, or to an error.
func closedWhenRead(url string) (string, error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", errors.New(string(b))
	}
	return string(b), nil
}

// So it is if a function of the package reads it.
func failure[T any](resp *http.Response) (reason T, err error) {
	if resp.Body == nil {
		return reason, errors.New("no body")
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return reason, err
	}
	return reason, json.Unmarshal(b, &reason)
}

func firstLine(resp *http.Response) (string, error) {
	if resp.StatusCode == http.StatusTeapot {
		return "", nil
	}
	b, err := io.ReadAll(resp.Body)
	line, _, _ := strings.Cut(string(b), "\n")
	return line, err
}

func closedOrFailed(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode > 299 {
		reason, err := failure[struct{ Text string }](resp)
		return []byte(reason.Text), err
	}
	defer resp.Body.Close()
	return nil, json.NewDecoder(resp.Body).Decode(new(int))
}

func closedOrLeft(url string) (string, error) {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path that returns at line`
	if err != nil {
		return "", err
	}
	if resp.StatusCode > 299 {
		return firstLine(resp)
	}
	defer resp.Body.Close()
	return "", json.NewDecoder(resp.Body).Decode(new(int))
}

func givenOrFailed(url string) (*http.Response, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode > 299 {
		reason, err := failure[struct{ Text string }](resp)
		if err != nil {
			return nil, err
		}
		return nil, errors.New(reason.Text)
	}
	return resp, nil
}

// This one has not been read on every path.
func closedSometimes(url string) (string, error) {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path that returns at line \d+: its connection and two goroutines stay`
	if err != nil {
		return "", err
	}
	if resp.ContentLength > 1<<20 {
		return "", errors.New("too long")
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	resp.Body.Close()
	return string(b), nil
}

func inBranchOfStatus(url string) error {
	resp, err := http.Get(url) // want `not closed on the path that returns at line`
	if err != nil {
		return err
	}
	switch resp.StatusCode {
	case 200:
		defer resp.Body.Close()
		return json.NewDecoder(resp.Body).Decode(new(int))
	case 404:
		return os.ErrNotExist
	}
	resp.Body.Close()
	return nil
}

func invertedCheck(url string) {
	resp, err := http.Get(url) // want `not closed on some path to the end of the function`
	if err == nil {
		if resp.StatusCode == 200 {
			defer resp.Body.Close()
			io.Copy(io.Discard, resp.Body)
		}
	}
}

func bodyVariable(url string) error {
	resp, err := http.Get(url) // want `the body of resp is not closed`
	if err != nil {
		return err
	}
	body := resp.Body
	if _, err := io.Copy(io.Discard, body); err != nil {
		return err
	}
	return body.Close()
}

func bufioDoesNotOwn(url string) error {
	resp, err := http.Get(url) // want `the body of resp is never closed`
	if err != nil {
		return err
	}
	r := bufio.NewReader(resp.Body)
	_, err = r.ReadString('\n')
	return err
}

func nopCloser(url string) error {
	resp, err := http.Get(url) // want `the body of resp is never closed`
	if err != nil {
		return err
	}
	rc := io.NopCloser(resp.Body)
	defer rc.Close()
	_, err = io.Copy(io.Discard, rc)
	return err
}

func dumped(url string) error {
	resp, err := http.Get(url) // want `the body of resp is never closed`
	if err != nil {
		return err
	}
	text, err := httputil.DumpResponse(resp, true)
	log.Printf("%s", text)
	return err
}

type doer interface {
	Do(*http.Request) (*http.Response, error)
}

func throughInterface(d doer, req *http.Request) error {
	resp, err := d.Do(req) // want `the body of resp is never closed: it has been read to its end, and http.Transport takes the connection back then`
	if err != nil {
		return err
	}
	_, err = io.ReadAll(resp.Body)
	return err
}

func throughFunc(do func(*http.Request) (*http.Response, error), req *http.Request) error {
	resp, err := do(req) // want `the body of resp is never closed`
	if err != nil {
		return err
	}
	_, err = io.ReadAll(resp.Body)
	return err
}

type transport struct{ next http.RoundTripper }

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req) // want `not closed on the path that returns at line`
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == 401 {
		return nil, errors.New("not allowed")
	}
	return resp, nil
}

type fixedTransport struct{ next http.RoundTripper }

func (t fixedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == 401 {
		resp.Body.Close()
		return nil, errors.New("not allowed")
	}
	return resp, nil
}

func goroutine(urls []string) {
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Go(func() {
			resp, err := http.Get(url) // want `the body of resp is never closed`
			if err != nil {
				return
			}
			log.Println(resp.Status)
		})
	}
	wg.Wait()
}

func eachRound(urls []string) {
	for _, url := range urls {
		resp, err := http.Get(url) // want `the body of resp is still open when the loop comes round`
		if err != nil {
			continue
		}
		log.Println(resp.Status)
	}
}

func retried(req *http.Request) ([]byte, error) {
	var resp *http.Response
	var err error
	for i := 0; i < 3; i++ {
		resp, err = http.DefaultClient.Do(req) // want `the body of resp is still open when the loop puts the next response in its place`
		if err == nil && resp.StatusCode < 500 {
			break
		}
		time.Sleep(time.Second)
	}
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

type call struct {
	resp *http.Response
	err  error
}

func localStruct(url string) (int, error) {
	var c call
	c.resp, c.err = http.Get(url) // want `the body of c.resp is never closed`
	if c.err != nil {
		return 0, c.err
	}
	return c.resp.StatusCode, nil
}

func named(url string) (n int64, err error) {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path that returns at line`
	defer func() {
		if err != nil {
			log.Print(err)
		}
	}()
	if err != nil {
		return 0, err
	}
	if resp.ContentLength < 0 {
		return 0, errors.New("how long?")
	}
	defer resp.Body.Close()
	return io.Copy(io.Discard, resp.Body)
}

func open(c *http.Client, url string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(req)
}

func throughWrapper(c *http.Client) error {
	resp, err := open(c, "http://localhost") // want `the body of resp is never closed`
	if err != nil {
		return err
	}
	log.Print(resp.Header)
	return nil
}

func openBody(url string) (io.ReadCloser, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

func throughBody() error {
	body, err := openBody("http://localhost") // want `the body of body is never closed.* defer body.Close\(\)`
	if err != nil {
		return err
	}
	_, err = io.ReadAll(body)
	return err
}

func status(resp *http.Response) error {
	if resp.StatusCode >= 300 {
		return errors.New(resp.Status)
	}
	return nil
}

func helperLeavesItOpen(url string) error {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path`
	if err != nil {
		return err
	}
	if err := status(resp); err != nil {
		return err
	}
	defer resp.Body.Close()
	return nil
}

// right

func closeQuietly(resp *http.Response) {
	if resp != nil && resp.Body != nil {
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}

func drain(body io.ReadCloser) {
	defer body.Close()
	io.Copy(io.Discard, body)
}

func helperCloses(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer closeQuietly(resp)
	return status(resp)
}

func helperDrains(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer drain(resp.Body)
	return status(resp)
}

func closeOf[C io.Closer](c C) { c.Close() }

func genericHelper(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer closeOf(resp.Body)
	return status(resp)
}

func nilGuard(url string) error {
	resp, err := http.Get(url)
	if resp != nil {
		defer resp.Body.Close()
	}
	if err != nil {
		return err
	}
	return status(resp)
}

func deferredLiteral(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer func() {
		if err := resp.Body.Close(); err != nil {
			log.Print(err)
		}
	}()
	return status(resp)
}

func deferredBefore(url string) error {
	var resp *http.Response
	defer func() {
		if resp != nil {
			resp.Body.Close()
		}
	}()
	var err error
	resp, err = http.Get(url)
	if err != nil {
		return err
	}
	return status(resp)
}

func head(url string) error {
	resp, err := http.Head(url)
	if err != nil {
		return err
	}
	log.Print(resp.Status)
	return nil
}

func headRequest(ctx context.Context, url string) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.ContentLength, nil
}

func noContent(req *http.Request) error {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	if resp.StatusCode == http.StatusNoContent {
		return nil
	}
	defer resp.Body.Close()
	return errors.New("there is something")
}

func sameConditionTwice(url string, verbose bool) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	if resp.StatusCode == 200 {
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	if verbose {
		log.Print(resp.Status)
	}
	if resp.StatusCode != 200 {
		resp.Body.Close()
		return errors.New(resp.Status)
	}
	return nil
}

func errorLater(url string) (err error) {
	var resp *http.Response
	resp, err = http.Get(url)
	if err == nil {
		defer resp.Body.Close()
	} else {
		log.Print(err)
	}
	if err != nil {
		return err
	}
	return nil
}

func fatal(url string) {
	resp, err := http.Get(url)
	if err != nil {
		log.Fatal(err)
	}
	if resp.StatusCode != 200 {
		log.Fatal(resp.Status)
	}
	resp.Body.Close()
}

func handed(url string, to chan<- *http.Response) {
	resp, err := http.Get(url)
	if err == nil {
		to <- resp
	}
}

func appended(urls []string) (all []*http.Response) {
	for _, url := range urls {
		if resp, err := http.Get(url); err == nil {
			all = append(all, resp)
		}
	}
	return all
}

func inGoroutine(url string) {
	resp, err := http.Get(url)
	if err != nil {
		return
	}
	go func() {
		defer resp.Body.Close()
		io.Copy(io.Discard, resp.Body)
	}()
}

type stream struct {
	body io.ReadCloser
	dec  *json.Decoder
}

func newStream(url string) (*stream, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	return &stream{body: resp.Body, dec: json.NewDecoder(resp.Body)}, nil
}

func (s *stream) Close() error { return s.body.Close() }

func useStream(url string) error {
	s, err := newStream(url) // want `the body of s is not closed on the path`
	if err != nil {
		return err
	}
	if err := s.dec.Decode(new(int)); err != nil {
		return err
	}
	return s.Close()
}

func useStreamWell(url string) error {
	s, err := newStream(url)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.dec.Decode(new(int))
}

func limited(w http.ResponseWriter, r *http.Request) {
	body := http.MaxBytesReader(w, r.Body, 1<<20)
	io.Copy(io.Discard, body)
}

func wrapped(url string) (*http.Response, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, 10), resp.Body}
	return resp, nil
}

func lastWins(reqs []*http.Request) error {
	var last *http.Response
	for _, req := range reqs {
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			continue
		}
		if last != nil {
			last.Body.Close()
		}
		last = resp
	}
	if last != nil {
		return last.Body.Close()
	}
	return nil
}

func cleanups(url string, t interface{ Cleanup(func()) }) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	t.Cleanup(func() { resp.Body.Close() })
	return status(resp)
}

func closeFunc(url string) (func() error, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	return resp.Body.Close, nil
}

func calledTwice(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	done := func() { resp.Body.Close() }
	if resp.StatusCode == 404 {
		done()
		return os.ErrNotExist
	}
	done()
	return nil
}

func calledOnce(url string) error {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path`
	if err != nil {
		return err
	}
	done := func() { resp.Body.Close() }
	if resp.StatusCode == 404 {
		return os.ErrNotExist
	}
	done()
	return nil
}

func proxied(w http.ResponseWriter, req *http.Request) {
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		http.Error(w, err.Error(), 502)
		return
	}
	resp.Write(w)
}

// responses in structs

type result struct {
	Resp *http.Response
	took time.Duration
}

func timed(url string) (result, error) {
	start := time.Now()
	resp, err := http.Get(url)
	if err != nil {
		return result{}, err
	}
	return result{Resp: resp, took: time.Since(start)}, nil
}

func useTimed(url string) (int, error) {
	res, err := timed(url) // want `the body of res is never closed`
	if err != nil {
		return 0, err
	}
	return res.Resp.StatusCode, nil
}

func useTimedRight(url string) (int, error) {
	res, err := timed(url)
	if err != nil {
		return 0, err
	}
	defer res.Resp.Body.Close()
	return res.Resp.StatusCode, nil
}

func (r result) done() { r.Resp.Body.Close() }

func useTimedDone(url string) (int, error) {
	res, err := timed(url)
	if err != nil {
		return 0, err
	}
	defer res.done()
	return res.Resp.StatusCode, nil
}

func (r *result) end() { r.Resp.Body.Close() }

func useTimedEnd(url string) (int, error) {
	res, err := timed(url)
	if err != nil {
		return 0, err
	}
	defer res.end()
	return res.Resp.StatusCode, nil
}

func localResult(url string) error {
	var res result
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	res.Resp = resp
	res.end()
	return nil
}

func tryUntilGood(req *http.Request) (*http.Response, error) {
	for {
		resp, err := http.DefaultClient.Do(req) // want `the body of resp is still open when the loop puts the next response in its place`
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == 200 {
			return resp, nil
		}
		time.Sleep(time.Second)
	}
}

// A response that was read from a connection of one's own holds nothing else.
func upgraded(conn net.Conn, req *http.Request) error {
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		return errors.New(resp.Status)
	}
	return nil
}

// The error goes with the response to a function that closes the body.
func tell(c *http.Client, req *http.Request) error {
	resp, err := c.Do(req)
	return outcome(resp, err)
}

func outcome(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

func tellNobody(c *http.Client, req *http.Request) error {
	resp, err := c.Do(req) // want `the body of resp is never closed`
	return statusOf(resp, err)
}

func statusOf(resp *http.Response, err error) error {
	if err == nil && resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return err
}

// An option says whether the body is to be left open.
type streamer struct {
	client *http.Client
	keep   bool
	seen   int
}

func (s *streamer) head(url string, each func(http.Header)) ([]byte, error) {
	resp, err := s.client.Get(url)
	if err != nil {
		return nil, err
	}
	if !s.keep {
		defer resp.Body.Close()
	}
	each(resp.Header)
	return io.ReadAll(resp.Body)
}

// So does the state of the object, but not that it is left open.
func (s *streamer) next(url string) ([]string, error) {
	resp, err := s.client.Get(url) // want `the body of resp is not closed on the path that returns at line`
	if err != nil {
		return nil, err
	}
	if s.keep {
		resp.Body.Close()
		return nil, nil
	}
	return resp.Header["Etag"], nil
}

// A function of one's own makes the request.
func (s *streamer) request(method, url string) *http.Request {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		panic(err)
	}
	return req
}

func (s *streamer) version(url string) (string, error) {
	resp, err := s.client.Do(s.request("HEAD", url))
	if err != nil {
		return "", err
	}
	return resp.Proto, nil
}

func (s *streamer) versionOf(url string) (string, error) {
	resp, err := s.client.Do(s.request("GET", url)) // want `the body of resp is never closed`
	if err != nil {
		return "", err
	}
	return resp.Proto, nil
}

// A pipeline of one's own answers its requests out of memory.
type query struct{ text string }

type stage interface {
	RoundTrip(query) (*http.Response, error)
}

func passedOn(next stage, q query) (resp *http.Response, err error) {
	for range 3 {
		if resp, err = next.RoundTrip(q); err == nil && resp.StatusCode < 500 {
			return resp, nil
		}
	}
	return resp, err
}

func passedOnByNetwork(next http.RoundTripper, req *http.Request) (resp *http.Response, err error) {
	for range 3 {
		if resp, err = next.RoundTrip(req); err == nil && resp.StatusCode < 500 { // want `the body of resp is still open when the loop puts the next response in its place`
			return resp, nil
		}
	}
	return resp, err
}
