package a

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
)

type download struct{ body io.ReadCloser }

func (d *download) begin(req *http.Request) error {
	resp, err := http.DefaultClient.Do(req) // want `the body of resp is not closed by Close of the reader that gzip.NewReader makes of it at line \d+, and who gets that has nothing else to close it by: where it is not read to its end, its connection and two goroutines stay until the server hangs up or the request times out; hand on a type that closes both`
	if err != nil {
		return err
	}
	body := resp.Body
	if resp.Header.Get("Content-Encoding") == "gzip" {
		body, err = gzip.NewReader(body)
		if err != nil {
			resp.Body.Close()
			return err
		}
	}
	d.body = body
	return nil
}

// Who ends the context ends the body.
func beginUntil(ctx context.Context, url string) (io.Reader, context.CancelFunc, error) {
	ctx, cancel := context.WithCancel(ctx)
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	zr, err := gzip.NewReader(resp.Body)
	if err != nil {
		cancel()
		resp.Body.Close()
		return nil, nil, err
	}
	return zr, cancel, nil
}

type whole struct {
	*gzip.Reader
	body io.Closer
}

func (w whole) Close() error {
	w.Reader.Close()
	return w.body.Close()
}

// Close of this one closes both.
func beginWhole(url string) (io.ReadCloser, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	zr, err := gzip.NewReader(resp.Body)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	return whole{zr, resp.Body}, nil
}

// The response is the caller's.
func beginInPlace(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	zr, err := gzip.NewReader(resp.Body)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	resp.Body = whole{zr, resp.Body}
	return resp, nil
}
