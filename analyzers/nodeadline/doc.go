// Package nodeadline defines a check for HTTP servers and clients that wait without limit.
//
// # Analyzer nodeadline
//
// nodeadline: waiting without limit in HTTP servers and clients
//
// A server without timeouts waits for its clients for as long as they like. A few
// that send their headers slowly, or nothing at all, keep a goroutine, a connection
// and a file descriptor each, until there are none left (server, listen):
//
//	// WRONG
//	func serve(h http.Handler) error {
//		srv := &http.Server{Addr: ":8080", Handler: h}
//		return srv.ListenAndServe()
//	}
//
//	// WRONG
//	func serveDirectly(h http.Handler) error {
//		return http.ListenAndServe(":8080", h)
//	}
//
//	// RIGHT
//	func serveWithLimit(h http.Handler) error {
//		srv := &http.Server{Addr: ":8080", Handler: h, ReadHeaderTimeout: 10 * time.Second}
//		return srv.ListenAndServe()
//	}
//
// A client without a timeout waits for a server that never answers, with the goroutine
// that asks and all that it holds (client, default-client):
//
//	// WRONG
//	var api = &http.Client{}
//
//	func status(url string) (string, error) {
//		resp, err := api.Get(url)
//		if err != nil {
//			return "", err
//		}
//		defer resp.Body.Close()
//		return resp.Status, nil
//	}
//
//	// WRONG
//	func fetch(url string) ([]byte, error) {
//		resp, err := http.Get(url)
//		if err != nil {
//			return nil, err
//		}
//		defer resp.Body.Close()
//		return io.ReadAll(resp.Body)
//	}
//
//	// RIGHT
//	var apiWithLimit = &http.Client{Timeout: 30 * time.Second}
//
//	func statusWithLimit(url string) (string, error) {
//		resp, err := apiWithLimit.Get(url)
//		if err != nil {
//			return "", err
//		}
//		defer resp.Body.Close()
//		return resp.Status, nil
//	}
//
//	// RIGHT
//	func fetchUntil(ctx context.Context, url string) ([]byte, error) {
//		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
//		if err != nil {
//			return nil, err
//		}
//		resp, err := http.DefaultClient.Do(req)
//		if err != nil {
//			return nil, err
//		}
//		defer resp.Body.Close()
//		return io.ReadAll(resp.Body)
//	}
//
// Not reported: requests with a context that somebody may cancel, or that come from
// elsewhere; clients with a transport that may have limits of its own, other than that of a
// net.Dialer on how long it connects; servers whose
// timeouts are set later, or that are given to code out of sight; handlers in
// http.TimeoutHandler; addresses of the machine itself (localhost, a unix socket), as
// debug servers have; requests that a command makes once, or that reads a command line and
// serves nobody; tests, examples and
// generated files.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	srv := &http.Server{Handler: h} //nolint:nodeadline // behind a proxy that has limits
package nodeadline
