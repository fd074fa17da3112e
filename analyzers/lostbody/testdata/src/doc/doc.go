package doc

import (
	"errors"
	"io"
	"net/http"
	"time"
)

func fetch(url string) ([]byte, error) {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path that returns at line 16: its connection and two goroutines stay until the server hangs up or the request times out; defer resp.Body.Close\(\) right after the error check`
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New(resp.Status)
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func fetchAndClose(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New(resp.Status)
	}
	return io.ReadAll(resp.Body)
}

func ping(url string) error {
	_, err := http.Get(url) // want `the response of http.Get is discarded, and its body stays open: .*; close it`
	return err
}

func fetchPatiently(req *http.Request) (resp *http.Response, err error) {
	for range 3 {
		resp, err = http.DefaultClient.Do(req) // want `the body of resp is still open when the loop puts the next response in its place: .*, for each attempt; resp.Body.Close\(\) before the next`
		if err == nil && resp.StatusCode < 500 {
			return resp, nil
		}
		time.Sleep(time.Second)
	}
	return nil, errors.New("the server is down")
}

func fetchPatientlyAndClose(req *http.Request) (resp *http.Response, err error) {
	for range 3 {
		resp, err = http.DefaultClient.Do(req)
		if err == nil && resp.StatusCode < 500 {
			return resp, nil
		}
		if err == nil {
			resp.Body.Close()
		}
		time.Sleep(time.Second)
	}
	return nil, errors.New("the server is down")
}

func warm(url string) error {
	resp, err := http.Get(url) // want `the body of resp is closed unread, and the connection with it: .*`
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func warmAndKeep(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	return err
}
