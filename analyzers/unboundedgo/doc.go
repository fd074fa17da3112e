// Package unboundedgo defines a check for goroutines whose number a client decides.
//
// # Analyzer unboundedgo
//
// unboundedgo: as many goroutines as a client likes
//
// A goroutine for every item of a request, or for every message of a stream or queue,
// is cheap as long as there are ten. With ten thousand it is 20 MiB of stacks and
// more, and ten thousand queries at once to a database that serves fifty: what is
// slow becomes an outage, and whoever sends the request decides when.
//
//	// WRONG
//	func (s *server) delete(w http.ResponseWriter, r *http.Request) {
//		var req struct{ Keys []string }
//		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
//			return
//		}
//		var wg sync.WaitGroup
//		for _, key := range req.Keys {
//			wg.Add(1)
//			go func() {
//				defer wg.Done()
//				s.store.Delete(r.Context(), key)
//			}()
//		}
//		wg.Wait()
//	}
//
//	// RIGHT
//	func (s *server) deleteSome(w http.ResponseWriter, r *http.Request) {
//		var req struct{ Keys []string }
//		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
//			return
//		}
//		var g errgroup.Group
//		g.SetLimit(16)
//		for _, key := range req.Keys {
//			g.Go(func() error { return s.store.Delete(r.Context(), key) })
//		}
//		g.Wait()
//	}
//
// The same for messages: the channel, the stream or the socket was what would have
// slowed the sender down.
//
//	// WRONG
//	func (s *server) consume(ctx context.Context, keys <-chan string) {
//		for key := range keys {
//			go s.store.Delete(ctx, key)
//		}
//	}
//
//	// RIGHT
//	func (s *server) consumeWithWorkers(ctx context.Context, keys <-chan string) {
//		for range 16 {
//			go func() {
//				for key := range keys {
//					s.store.Delete(ctx, key)
//				}
//			}()
//		}
//	}
//
// Looked at are loops over what a handler or service method gets from its client, over
// variables that encoding/json, xml or gob have filled, and over lines, rows, packets,
// gRPC streams and channels; and only goroutines that call something with a context,
// or the network, files, processes or a database.
//
// Not reported: one goroutine per connection of a listener, which is how servers are
// written in Go; loops over what the program itself or its configuration decides;
// lengths that are compared with a limit; and whatever may be a limit: a semaphore,
// SetLimit, a Wait or a send in the loop, a call in it that takes a context.
//
// To silence one finding, put a comment at the end of its line or above it:
//
//	go s.handle(msg) //nolint:unboundedgo // the broker sends at most 10 at a time
package unboundedgo
