// Package ctxgrows finds contexts that grow without end.
//
// # Analyzer ctxgrows
//
// ctxgrows: find contexts that are derived from themselves
//
// A context is a list: every WithValue, WithCancel or WithTimeout adds a link that
// points to its parent, and a lookup walks from link to link until it finds its key.
// A context that is derived from itself again and again, by a loop, by a function that
// calls itself, or in a variable that outlives the call, becomes longer each time.
// Nothing of it can be freed, and a lookup of a key that is far down or missing takes
// 7 ns in a fresh context, 130 ns behind 50 links, and 830 ns behind 200. Where the links
// carry deadlines or cancel functions, the end of one is the end of all that follow.
//
// The check follows contexts through variables, requests, structs that hold one, and
// functions of this module that return a child of a parameter.
//
// A loop that derives from the context of the iteration before (loop):
//
//	// WRONG
//	func ServeAll(ctx context.Context, jobs <-chan Job) {
//		for job := range jobs {
//			ctx = context.WithValue(ctx, jobKey{}, job.ID) // ctx is rebuilt from itself in a loop: …
//			serve(ctx, job)
//		}
//	}
//
//	// RIGHT
//	func ServeEach(ctx context.Context, jobs <-chan Job) {
//		for job := range jobs {
//			ctx := context.WithValue(ctx, jobKey{}, job.ID)
//			serve(ctx, job)
//		}
//	}
//
// A function that hands itself what it made of its own context (recursion):
//
//	// WRONG
//	func Retry(ctx context.Context, job Job) error {
//		ctx, cancel := context.WithTimeout(ctx, time.Second) // each call of Retry makes the context of the next from its own: …
//		defer cancel()
//		if err := try(ctx, job); err == nil || ctx.Err() != nil {
//			return err
//		}
//		return Retry(ctx, job)
//	}
//
// A field that each call makes longer (field), where a loop or a handler makes many, the function
// counts its calls or leaves an ended context behind, or the field is of a thing with a lock or
// channel of its own, and the same in a package variable (package-var) or in a variable that a function
// literal captures (captured):
//
//	// WRONG
//	func (w *Worker) handle(job Job) {
//		w.ctx = context.WithValue(w.ctx, jobKey{}, job.ID) // w.ctx is rebuilt from itself: …
//		serve(w.ctx, job)
//	}
//
//	func (w *Worker) Run(jobs <-chan Job) {
//		for job := range jobs {
//			w.handle(job)
//		}
//	}
//
//	// RIGHT
//	func (w *Worker) handleOne(job Job) {
//		ctx := context.WithValue(w.ctx, jobKey{}, job.ID)
//		serve(ctx, job)
//	}
//
// A context type whose parent becomes a child of the thing itself (own-parent). It does not
// only grow, it has no end:
//
//	// WRONG
//	type Request struct {
//		context.Context
//		id int
//	}
//
//	func (r *Request) Tag(tag string) {
//		r.Context = context.WithValue(r, tagKey{}, tag) // r.Context is made from r, which asks r.Context in turn: …
//	}
//
//	// RIGHT
//	func (r *Request) Label(tag string) {
//		r.Context = context.WithValue(r.Context, tagKey{}, tag)
//	}
//
// What is no context grows in the same way where a handler wraps what it has captured, and leaves it so
// (wrapped); two requests at a time write to it, too:
//
//	// WRONG
//	func Files(root http.FileSystem, hidden bool) http.HandlerFunc {
//		return func(w http.ResponseWriter, r *http.Request) {
//			if hidden {
//				root = noIndex{root} // root is wrapped once more on every request, and stays so: …
//			}
//			http.FileServer(root).ServeHTTP(w, r)
//		}
//	}
//
//	// RIGHT
//	func FilesOnce(root http.FileSystem, hidden bool) http.HandlerFunc {
//		if hidden {
//			root = noIndex{root}
//		}
//		return func(w http.ResponseWriter, r *http.Request) {
//			http.FileServer(root).ServeHTTP(w, r)
//		}
//	}
//
// # Not reported
//
// Contexts that are derived from another parent in each iteration. Loops of a few iterations,
// and loops that leave after the derivation. Composition: a loop over hooks, options or
// headers that builds one context for use after the loop. Derivations that happen once: behind a
// flag, or only if the context has no such value yet. Fields of things that are made
// for each call, fields that are set back, builders, constructors, and what sets things up (Set, Init,
// Start …); methods of other things that nothing in the package calls repeatedly. Walks over trees, and recursion with a limit.
// Function values and interface methods whose code is not known. What is wrapped on a condition that one request
// may change for the next, or that something else sets again. Tests, and
// files that import package testing.
//
// With -all it reports these too: fields and package variables where nothing shows that there are
// many calls, derivations for one of several kinds of message, and findings in tests.
//
// # To silence it
//
// Write //nolint:ctxgrows with a reason at the end of the line, or
//
//	//lint:ignore ctxgrows the session ends after three commands
//
// above it.
package ctxgrows
