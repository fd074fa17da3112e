// Package rebuilt finds what is built anew on every call, though it never changes or
// could be used again.
//
// # Analyzer rebuilt
//
// rebuilt: find what is built anew on every call for nothing
//
// Some values cost thousands of times more to make than to use, and are made to be
// kept: compiled patterns, parsed templates, compressors, clients with their
// connections. This check finds those that a function makes for one use.
//
// A regular expression of a constant pattern (pattern): 20 to 100 allocations per call;
// none after the change. The same for templates (template) and a strings.Replacer
// (replacer). Outside of handlers and loops that is reported of functions that work on a text
// they are given, and of pages of html/template that are written to an io.Writer.
//
//	// WRONG
//	func slug(title string) string {
//		re := regexp.MustCompile(`[^a-z0-9]+`) // regexp.MustCompile compiles the pattern on every call, and never changes …
//		return re.ReplaceAllString(title, "-")
//	}
//
//	// RIGHT
//	var notWord = regexp.MustCompile(`[^a-z0-9]+`)
//
//	func slugOf(title string) string {
//		return notWord.ReplaceAllString(title, "-")
//	}
//
// A compressor per request or per element, or for each text that a function is given
// (compressor). A writer of compress/gzip takes
// 800 KB, whatever it is given: 814,000 bytes for an answer of 5; 100 after the change.
//
//	// WRONG
//	func serve(w http.ResponseWriter, req *http.Request) {
//		z := gzip.NewWriter(w) // gzip.NewWriter allocates about 800 KB on every request; …
//		defer z.Close()
//		io.WriteString(z, "hello")
//	}
//
//	// RIGHT
//	var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
//
//	func servePooled(w http.ResponseWriter, req *http.Request) {
//		z := writers.Get().(*gzip.Writer)
//		defer writers.Put(z)
//		z.Reset(w)
//		defer z.Close()
//		io.WriteString(z, "hello")
//	}
//
// A client that is made for one call and forgotten (connection): http.Transport,
// sql.Open, grpc.NewClient. It keeps its connections open for the calls that never come,
// with two goroutines for each. A transport that another function of the package makes, or
// sends the request by, counts as well.
//
//	// WRONG
//	type Watcher struct{ timeout time.Duration }
//
//	func (w *Watcher) Fetch(url string) (*http.Response, error) {
//		client := &http.Client{
//			Timeout:   w.timeout,
//			Transport: &http.Transport{MaxIdleConns: 10}, // each call makes an http.Transport of its own and forgets it …
//		}
//		return client.Get(url)
//	}
//
//	// RIGHT
//	type Keeper struct{ client *http.Client }
//
//	func (k *Keeper) Fetch(url string) (*http.Response, error) {
//		return k.client.Get(url)
//	}
//
// A function of the package that does nothing but build something of its parameters
// counts as what it calls.
//
// Not reported: what runs once or seldom: package variables, init, main and what only
// these call, constructors, packages that read a command line and serve nobody, tests, functions that a sync.Once runs; what is kept
// in a field or returned; what is made only where a pool, a map or a field has none yet;
// patterns and templates that differ from call to call; transports that end their idle
// connections, or dial such as have a deadline. With -all, it also reports transports whose idle connections time out, and patterns and compressors in functions that are
// not known to run often.
//
// There are no automatic fixes: where the value is to live is for you to judge. Reset
// tells what a compressor needs; a strings.Replacer and a *regexp.Regexp may be used by many
// goroutines at once.
//
// To silence it, mark the function //heapvet:cold, or write //nolint:rebuilt on the
// line, or //lint:ignore rebuilt with a reason above it.
package rebuilt
