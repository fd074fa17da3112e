package a

import "net/http"

// The elements of a list that is written down are counted: here there is room for all of them.
func serveBoth(api, admin *http.Server, stop <-chan struct{}) (err error) {
	ended := make(chan error, 2)
	for _, s := range []*http.Server{api, admin} {
		go func() { ended <- s.ListenAndServe() }()
	}
	select {
	case err = <-ended:
	case <-stop:
	}
	api.Close()
	admin.Close()
	return err
}

// And here for all but one.
func serveThree(api, admin, debug *http.Server, stop <-chan struct{}) (err error) {
	ended := make(chan error, 2)
	for _, s := range []*http.Server{api, admin, debug} {
		go func() {
			ended <- s.ListenAndServe() // want `blocks? forever`
		}()
	}
	select {
	case err = <-ended:
	case <-stop:
	}
	api.Close()
	admin.Close()
	debug.Close()
	return err
}
