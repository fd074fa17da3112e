package a

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// Responses that one goroutine sends and another receives.

type reply struct {
	from string
	resp *http.Response
	err  error
}

// The quickest answer is looked at, and left open.
func quickest(urls []string) (string, error) {
	replies := make(chan reply, len(urls))
	for _, url := range urls {
		go func() {
			resp, err := http.Get(url) // want `the body of resp is sent on a channel, and who receives it does not close it on the path that returns at line 35`
			replies <- reply{url, resp, err}
		}()
	}
	var errs []error
	for range urls {
		r := <-replies
		if r.err != nil {
			errs = append(errs, r.err)
			continue
		}
		return r.from, nil
	}
	return "", errors.Join(errs...)
}

func within(url string, d time.Duration) (int, error) {
	answer := make(chan *http.Response, 1)
	failed := make(chan error, 1)
	go func() {
		resp, err := http.Get(url) // want `the body of resp is sent on a channel, and who receives it does not close it on the path that returns at line 53`
		if err != nil {
			failed <- err
			return
		}
		answer <- resp
	}()
	select {
	case resp := <-answer:
		return resp.StatusCode, nil
	case err := <-failed:
		return 0, err
	case <-time.After(d):
		return 0, context.DeadlineExceeded
	}
}

func total(urls []string) (n int64) {
	replies := make(chan *reply)
	go func() {
		defer close(replies)
		for _, url := range urls {
			resp, err := http.Get(url) // want `the body of resp is sent on a channel, and who receives it does not close it before the next`
			replies <- &reply{url, resp, err}
		}
	}()
	for r := range replies {
		if r.err == nil {
			n += r.resp.ContentLength
		}
	}
	return n
}

// Who receives it closes it, hands it on, or ends the request.
func quickestAndClose(urls []string) (string, error) {
	replies := make(chan reply, len(urls))
	for _, url := range urls {
		go func() {
			resp, err := http.Get(url)
			replies <- reply{url, resp, err}
		}()
	}
	var errs []error
	for range urls {
		r := <-replies
		if r.err != nil {
			errs = append(errs, r.err)
			continue
		}
		defer r.resp.Body.Close()
		return r.from, nil
	}
	return "", errors.Join(errs...)
}

func quickestOpen(urls []string) (*http.Response, error) {
	replies := make(chan reply, len(urls))
	for _, url := range urls {
		go func() {
			resp, err := http.Get(url)
			replies <- reply{url, resp, err}
		}()
	}
	for range urls {
		if r := <-replies; r.err == nil {
			return r.resp, nil
		}
	}
	return nil, errors.New("nobody answers")
}

func quickestEnded(ctx context.Context, urls []string) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	replies := make(chan reply, len(urls))
	for _, url := range urls {
		go func() {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				replies <- reply{url, nil, err}
				return
			}
			resp, err := http.DefaultClient.Do(req)
			replies <- reply{url, resp, err}
		}()
	}
	for range urls {
		if r := <-replies; r.err == nil {
			return r.from, nil
		}
	}
	return "", errors.New("nobody answers")
}

func withinAndClose(url string, d time.Duration) (int, error) {
	answer := make(chan reply, 1)
	go func() {
		resp, err := http.Get(url)
		answer <- reply{url, resp, err}
	}()
	select {
	case r := <-answer:
		if r.err != nil {
			return 0, r.err
		}
		io.Copy(io.Discard, r.resp.Body)
		r.resp.Body.Close()
		return r.resp.StatusCode, nil
	case <-time.After(d):
		return 0, context.DeadlineExceeded
	}
}

func totalAndClose(urls []string) (n int64) {
	replies := make(chan *reply)
	go func() {
		defer close(replies)
		for _, url := range urls {
			resp, err := http.Get(url)
			replies <- &reply{url, resp, err}
		}
	}()
	for r := range replies {
		if r.err != nil {
			continue
		}
		n += r.resp.ContentLength
		r.resp.Body.Close()
	}
	return n
}

// Whoever gets the channel receives.
func later(url string) <-chan reply {
	replies := make(chan reply, 1)
	go func() {
		resp, err := http.Get(url)
		replies <- reply{url, resp, err}
	}()
	return replies
}

// An error that is not that of the request says that there is one to close.
func judged(url string) error {
	replies := make(chan reply, 1)
	go func() {
		resp, err := http.Get(url)
		if err == nil && resp.StatusCode != http.StatusOK {
			replies <- reply{url, resp, errors.New(resp.Status)}
			return
		}
		replies <- reply{url, resp, err}
	}()
	r := <-replies
	if r.resp != nil {
		defer r.resp.Body.Close()
	}
	return r.err
}

// The one that asks waits until the other one has looked at the answer.
func lent(url string) string {
	replies, done := make(chan *http.Response), make(chan bool)
	go func() {
		resp, err := http.Get(url)
		if err != nil {
			close(replies)
			return
		}
		replies <- resp
		<-done
		resp.Body.Close()
	}()
	defer close(done)
	resp, ok := <-replies
	if !ok {
		return ""
	}
	return resp.Status
}

// The goroutine that asks ends the request itself.
func statusWithin(ctx context.Context, url string) string {
	replies := make(chan *http.Response, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			close(replies)
			return
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			replies <- resp
		}
		close(replies)
	}()
	if resp, ok := <-replies; ok {
		return resp.Status
	}
	return ""
}
