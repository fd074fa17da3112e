package demand

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

func status(url string) (int, error) {
	resp, err := http.Get(url) // want `the body of resp is closed unread`
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, nil
}

func readOnSuccess(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 {
		return errors.New(resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(new(int))
}

func drain(body io.ReadCloser) {
	io.Copy(io.Discard, body)
	body.Close()
}

func drained(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	drain(resp.Body)
	return nil
}

func closedWhenRead(url string) ([]byte, error) {
	resp, err := http.Get(url) // want `the body of resp is not closed on the path that returns at line \d+: it has been read to its end, and http.Transport takes the connection back then`
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return b, nil
}
