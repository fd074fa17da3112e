// Package client uses the helper package.
package client

import (
	"encoding/json"
	"fmt"
	"helper"
	"io"
	"net/http"
)

func checked(url string) error {
	resp, err := helper.Open(url) // want `the body of resp is never closed`
	if err != nil {
		return err
	}
	return helper.Check(resp)
}

func drained(url string) error {
	resp, err := helper.Open(url)
	if err != nil {
		return err
	}
	defer helper.Drain(resp)
	return helper.Check(resp)
}

func read(url string) error {
	resp, err := helper.Read(url)
	if err != nil {
		return err
	}
	return helper.Check(resp)
}

func generic(c *helper.Client[int], req *http.Request) (int, error) {
	resp, err := c.Send(req) // want `the body of resp is never closed`
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

// The body is closed where the answer is decoded.
func decoded(c *helper.Caller, req *http.Request) (int, error) {
	var answer struct{ N int }
	resp, err := c.Call(req, &answer)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode != http.StatusOK {
		return 0, nil
	}
	return answer.N, nil
}

func length(c *helper.Caller, req *http.Request) (int64, error) {
	resp, err := c.Fetch(req, true)
	if err != nil {
		return 0, err
	}
	return resp.ContentLength, nil
}

func tried(c *helper.Caller, req *http.Request) (int, error) {
	resp, err := c.Try(req, 3) // want `the body of resp is never closed`
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

// A client of an API decodes the answer, and closes its body then.
type api interface {
	Do(req *http.Request, into any) (*http.Response, error)
}

func rename(c api, req *http.Request) (string, error) {
	var answer struct{ Name string }
	if _, err := c.Do(req, &answer); err != nil {
		return "", err
	}
	return answer.Name, nil
}

func remove(c api, req *http.Request) error {
	_, err := c.Do(req, nil) // want `the response of c.Do is discarded, and its body stays open`
	return err
}

// There is no body to close.
func send(method, url string) (*http.Response, error) {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(req)
}

func exists(url string) (bool, error) {
	resp, err := send("HEAD", url)
	if err != nil {
		return false, err
	}
	return resp.StatusCode == http.StatusOK, nil
}

func there(url string) (bool, error) {
	resp, err := send("GET", url) // want `the body of resp is never closed`
	if err != nil {
		return false, err
	}
	return resp.StatusCode == http.StatusOK, nil
}

// What a helper accepts is still open.
func station(url string, into any) error {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path that returns at line`
	if err != nil {
		return err
	}
	if err := helper.Accept(resp); err != nil {
		return err
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("station: %w", err)
	}
	return resp.Body.Close()
}

func stationAndClose(url string, into any) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	if err = helper.Accept(resp); err != nil {
		return err
	}
	defer resp.Body.Close()
	return json.NewDecoder(resp.Body).Decode(into)
}

func stationOpened(url string) (io.ReadCloser, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	if err := helper.Accept(resp); err != nil {
		return nil, err
	}
	return resp.Body, nil
}

func stationTried(url string) (err error) {
	for range 3 {
		var resp *http.Response
		resp, err = http.Get(url)
		if err != nil {
			continue
		}
		if err = helper.Accept(resp); err == nil {
			helper.Drain(resp)
			return nil
		}
	}
	return err
}

func wind(url string) (string, error) {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path that returns at line`
	if err != nil {
		return "", err
	}
	if !helper.Answered(resp) {
		return "", nil
	}
	return resp.Header.Get("Wind"), nil
}

func windRead(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	if ok := helper.Answered(resp); !ok {
		return nil, nil
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// Whether it is open still, the error does not tell.
func settled(url string) (string, error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", err
	}
	if err := helper.Settle(resp); err != nil {
		return "", err
	}
	return resp.Status, nil
}

// The same in one package, of any type.
func reading[T any](url string) (v T, err error) {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path that returns at line`
	if err != nil {
		return v, err
	}
	if err := refuse(resp); err != nil {
		return v, err
	}
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		return v, err
	}
	return v, resp.Body.Close()
}

func refuse(resp *http.Response) (err error) {
	if resp.StatusCode < 300 {
		return nil
	}
	defer func() { resp.Body.Close() }()
	return fmt.Errorf("%s: %s", resp.Request.URL, resp.Status)
}

// The field Close of a response closes nothing.
func asked(req *http.Request) (int, error) {
	answer, err := helper.Ask(req) // want `the body of answer is never closed: .*; defer answer\.Body\.Close\(\) after the error check`
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, nil
}

func askedAndClosed(req *http.Request) (int, error) {
	answer, err := helper.Ask(req)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	return answer.StatusCode, nil
}
