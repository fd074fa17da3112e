package a

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

type backend interface {
	Get(ctx context.Context, key string) error
}

type server struct {
	backend backend
	peers   []string
	sem     chan struct{}
}

type request struct {
	Keys []string
	Map  map[string]string
}

func decode(r *http.Request) (req request, err error) {
	err = json.NewDecoder(r.Body).Decode(&req)
	return req, err
}

// Items of a request.
func (s *server) items(w http.ResponseWriter, r *http.Request) {
	var req request
	if json.NewDecoder(r.Body).Decode(&req) != nil {
		return
	}
	for key := range req.Map {
		go s.one(r.Context(), key) // want `for every item of req.Map`
	}
	if len(req.Keys) == 0 {
		return
	}
	var g errgroup.Group
	for _, key := range req.Keys {
		g.Go(func() error { return s.backend.Get(r.Context(), key) }) // want `for every item of req.Keys`
	}
	g.Wait()
	var wg sync.WaitGroup
	for _, key := range strings.Split(r.Header.Get("Keys"), ",") {
		wg.Go(func() { s.one(context.Background(), key) })
	}
	wg.Wait()
	for _, key := range req.Keys {
		go func() { _ = len(key) }() // does nothing that takes long
	}
}

func (s *server) one(ctx context.Context, key string) { s.backend.Get(ctx, key) }

// Limits.
func (s *server) limits(w http.ResponseWriter, r *http.Request) {
	var req request
	if json.NewDecoder(r.Body).Decode(&req) != nil {
		return
	}
	for _, key := range req.Keys {
		s.sem <- struct{}{}
		go func() {
			defer func() { <-s.sem }()
			s.backend.Get(r.Context(), key)
		}()
	}
	for _, key := range req.Keys {
		go func() {
			s.sem <- struct{}{}
			defer func() { <-s.sem }()
			s.backend.Get(r.Context(), key)
		}()
	}
	g, ctx := errgroup.WithContext(r.Context())
	g.SetLimit(10)
	for _, key := range req.Keys {
		g.Go(func() error { return s.backend.Get(ctx, key) })
	}
	g.Wait()
	var wg sync.WaitGroup
	for i, key := range req.Keys {
		wg.Go(func() { s.one(ctx, key) })
		if i%100 == 99 {
			wg.Wait()
		}
	}
	for _, key := range req.Keys {
		s.acquire(ctx)
		go s.one(ctx, key)
	}
}

func (s *server) acquire(ctx context.Context) {
	select {
	case s.sem <- struct{}{}:
	case <-ctx.Done():
	}
}

func (s *server) measured(w http.ResponseWriter, r *http.Request) {
	var req request
	if json.NewDecoder(r.Body).Decode(&req) != nil || len(req.Keys) > 100 {
		return
	}
	for _, key := range req.Keys {
		go s.one(r.Context(), key)
	}
}

// Batches.
func (s *server) batches(w http.ResponseWriter, r *http.Request) {
	var req request
	if json.NewDecoder(r.Body).Decode(&req) != nil {
		return
	}
	for len(req.Keys) > 0 {
		batch := req.Keys[:min(len(req.Keys), 10)]
		req.Keys = req.Keys[len(batch):]
		var wg sync.WaitGroup
		for _, key := range batch {
			wg.Go(func() { s.one(r.Context(), key) })
		}
		wg.Wait()
	}
}

// What the program itself decides.
func (s *server) own(w http.ResponseWriter, r *http.Request) {
	for _, peer := range s.peers {
		go s.one(r.Context(), peer)
	}
	for range 8 {
		go s.one(r.Context(), "")
	}
}

// One per connection.
func (s *server) serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			s.one(context.Background(), conn.RemoteAddr().String())
		}()
	}
}

// Packets and lines.
func (s *server) packets(c net.PacketConn) {
	for {
		buf := make([]byte, 1500)
		n, addr, err := c.ReadFrom(buf)
		if err != nil {
			return
		}
		go s.answer(c, addr, buf[:n]) // want `for every message of c, however fast`
	}
}

func (s *server) answer(c net.PacketConn, addr net.Addr, packet []byte) { c.WriteTo(packet, addr) }

func (s *server) lines(sc *bufio.Scanner) {
	for sc.Scan() {
		line := sc.Text()
		go s.one(context.Background(), line) // want `for every message of sc`
	}
}

// A channel: only the case that leads to the goroutine counts.
func (s *server) channels(ctx context.Context, jobs <-chan string, kick <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-kick:
			go s.one(ctx, "kick")
		case job := <-jobs:
			go s.one(ctx, job) // want `for every message of jobs`
		}
	}
}

// All jobs are known here.
func (s *server) local(ctx context.Context) {
	jobs := make(chan string, 4)
	for range 4 {
		jobs <- ""
	}
	close(jobs)
	for job := range jobs {
		go s.one(ctx, job)
	}
}

// Each worker says that it is ready before the next one is started.
func (s *server) workers(ctx context.Context, n int, ready chan int) {
	for i := 0; i < n; i++ {
		go func() {
			s.one(ctx, "")
			ready <- i
		}()
		<-ready
	}
}

// The same with a channel that the function makes.
func (s *server) ownWorkers(ctx context.Context, n int) {
	ready := make(chan int)
	for i := 0; i < n; i++ {
		go func() {
			ready <- i
			s.one(ctx, "")
		}()
		if i > 0 {
			<-ready
		}
	}
}
