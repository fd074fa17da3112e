package a

import "net/http"

// api is a client of the package, in sight: what it is given besides is no target.
type api struct{ c *http.Client }

func (a *api) Do(req *http.Request, tag any) (*http.Response, error) {
	println(tag)
	return a.c.Do(req)
}

func tagged(a *api, req *http.Request) (int, error) {
	resp, err := a.Do(req, "status") // want `the body of resp is never closed`
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}
