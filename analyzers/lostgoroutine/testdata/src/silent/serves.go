package silent

import (
	"context"
	"errors"
	"net"
	"net/http"
)

// A server that goes on as long as the program, and tells others by the same channel.
type apiServer struct {
	h    http.Handler
	stop chan struct{}
	news newsfeed
}

type newsfeed interface {
	Run(stop <-chan struct{})
}

func newAPIServer(h http.Handler, n newsfeed) *apiServer {
	return &apiServer{h, make(chan struct{}), n}
}

func (s *apiServer) Run(ctx context.Context, l net.Listener) {
	s.news.Run(s.stop)
	go func() { s.ended(http.Serve(l, s.h)) }()
	<-s.stop
}

func (s *apiServer) ended(err error) {
	if errors.Is(err, http.ErrServerClosed) {
		return
	}
	panic(err)
}

// Who serves at several addresses waits for the first that fails, and the process with it.
func serveAll(addrs []string, h http.Handler) error {
	failed := make(chan error, 1)
	for _, addr := range addrs {
		if addr == "" {
			return errors.New("no address")
		}
		go func() {
			l, err := net.Listen("tcp", addr)
			if err != nil {
				failed <- err
				return
			}
			failed <- http.Serve(l, h)
		}()
	}
	return <-failed
}
