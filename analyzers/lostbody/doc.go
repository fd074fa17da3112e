// Package lostbody defines a check for response bodies that are not closed.
//
// # Analyzer lostbody
//
// lostbody: response bodies that are not closed
//
// The transport serves a connection with two goroutines until the body of the
// response has been closed. A body that is forgotten keeps them, the connection and
// its buffers, some 20 KB, for as long as the server does not hang up.
//
// It takes one path on which the body is not closed (open):
//
//	// WRONG
//	func fetch(url string) ([]byte, error) {
//		resp, err := http.Get(url)
//		if err != nil {
//			return nil, err
//		}
//		if resp.StatusCode != http.StatusOK {
//			return nil, errors.New(resp.Status)
//		}
//		defer resp.Body.Close()
//		return io.ReadAll(resp.Body)
//	}
//
//	// RIGHT
//	func fetchAndClose(url string) ([]byte, error) {
//		resp, err := http.Get(url)
//		if err != nil {
//			return nil, err
//		}
//		defer resp.Body.Close()
//		if resp.StatusCode != http.StatusOK {
//			return nil, errors.New(resp.Status)
//		}
//		return io.ReadAll(resp.Body)
//	}
//
// A response that is of no interest has a body, too (discarded):
//
//	// WRONG
//	func ping(url string) error {
//		_, err := http.Get(url)
//		return err
//	}
//
// In a loop that tries again, each attempt has one (overwritten):
//
//	// WRONG
//	func fetchPatiently(req *http.Request) (resp *http.Response, err error) {
//		for range 3 {
//			resp, err = http.DefaultClient.Do(req)
//			if err == nil && resp.StatusCode < 500 {
//				return resp, nil
//			}
//			time.Sleep(time.Second)
//		}
//		return nil, errors.New("the server is down")
//	}
//
//	// RIGHT
//	func fetchPatientlyAndClose(req *http.Request) (resp *http.Response, err error) {
//		for range 3 {
//			resp, err = http.DefaultClient.Do(req)
//			if err == nil && resp.StatusCode < 500 {
//				return resp, nil
//			}
//			if err == nil {
//				resp.Body.Close()
//			}
//			time.Sleep(time.Second)
//		}
//		return nil, errors.New("the server is down")
//	}
//
// With -all, a body that is closed before anything was read of it (unread), which
// ends the connection: the next request has to dial anew.
//
//	// WRONG
//	func warm(url string) error {
//		resp, err := http.Get(url)
//		if err != nil {
//			return err
//		}
//		return resp.Body.Close()
//	}
//
//	// RIGHT
//	func warmAndKeep(url string) error {
//		resp, err := http.Get(url)
//		if err != nil {
//			return err
//		}
//		defer resp.Body.Close()
//		_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
//		return err
//	}
//
// A response that another function of the module returns is followed as well, and so
// is one that a function gets which is known to close it, to leave it alone, or to close
// it only where it returns an error. What one goroutine of a function sends on a channel is
// followed to where another one receives it.
//
// A body that io.ReadAll has read to its end, or to an error, is reported where the function
// never closes it, and with -all where it does so, or hands it on, on other paths: http.Transport
// keeps nothing of it, but a client with Timeout keeps the context of the request, some 640 B, until
// that is over, and something that wraps the transport may wait.
//
// Who returns or keeps the reader that gzip.NewReader makes of a body, as something to be closed, and
// nothing else of the response, is told that Close of it does not close the body.
//
// Not reported: responses that are returned, stored, or sent or given to code out of
// sight, which may close them; responses without a body (to HEAD requests, and where
// the status is 204 or 304), or whose connection the function has dialed and closes; the function main, which ends the process; test files, and
// folders below test or tests, e2e and testutil.
//
// The fix adds defer resp.Body.Close() behind the check of the error, where nothing
// else closes the body.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	resp, err := http.Get(url) //nolint:lostbody // the server hangs up
package lostbody
